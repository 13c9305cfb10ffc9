/* SPDX-License-Identifier: MIT
 *
 * lane_check - TLS is libcurl's, whatever library it has under it: so the files
 * are tried by libcurl itself, which begins to speak TLS to a socket of ours
 * that says nothing. What it finds wrong before its first word is told. */
#include "config.h"

#include "load/lane_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include "base/fatal.h"
#include "load/lane_options.h"

/* Of a range so many are tried, and its last. */
#define CHECK_ADDRESSES 64u
/* Of a key's file; what says that it is encrypted stands at its begin, behind a
 * certificate or two at most. */
#define CHECK_KEY_LINES 400

/* Somebody to connect to, who says nothing: a socket that listens on loopback,
 * and the connection that came. */
struct check_peer {
    int listener, came; /* -1 = none */
    unsigned port;
};

static bool check_peer_open(struct check_peer *p)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->came = -1;
    p->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (p->listener < 0 ||
        bind(p->listener, (const struct sockaddr *)&a, size) != 0 ||
        listen(p->listener, 1) != 0 ||
        getsockname(p->listener, (struct sockaddr *)&a, &size) != 0 ||
        fcntl(p->listener, F_SETFL, O_NONBLOCK) != 0) {
        return false;
    }
    p->port = ntohs(a.sin_port);
    return true;
}

static void check_peer_close(struct check_peer *p)
{
    if (p->came >= 0) {
        close(p->came);
    }
    if (p->listener >= 0) {
        close(p->listener);
    }
}

/* Takes the connection, and ends what it has to say before it said it. */
static void check_peer_answer(struct check_peer *p)
{
    if (p->came < 0) {
        p->came = accept(p->listener, NULL, NULL);
        if (p->came >= 0) {
            shutdown(p->came, SHUT_WR);
        }
    }
}

static size_t check_on_data(char *data, size_t size, size_t n, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * n;
}

static CURLcode check_perform(CURL *easy, struct check_peer *peer)
{
    CURLM *multi = curl_multi_init();
    CURLcode code = CURLE_OPERATION_TIMEDOUT;
    int running = 1, left;
    CURLMsg *m;

    if (multi == NULL || curl_multi_add_handle(multi, easy) != CURLM_OK) {
        fatal("out of memory");
    }
    while (running > 0 && curl_multi_perform(multi, &running) == CURLM_OK) {
        check_peer_answer(peer);
        (void)curl_multi_wait(multi, NULL, 0, 10, NULL);
    }
    m = curl_multi_info_read(multi, &left);
    if (m != NULL) {
        code = m->data.result;
    }
    curl_multi_remove_handle(multi, easy);
    curl_multi_cleanup(multi);
    return code;
}

static void check_set(CURL *easy, const struct check_peer *peer,
                      char why[CURL_ERROR_SIZE])
{
    char url[64];

    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u/", peer->port);
    why[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, check_on_data);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 10L);
}

/* Begins a handshake with what d has of TLS. Fills why and returns false when
 * that fails before anything is said. */
static bool check_handshake(const struct dial *d, char why[CURL_ERROR_SIZE])
{
    struct check_peer peer;
    struct lane_options options;
    CURL *easy;
    CURLcode code;

    if (!check_peer_open(&peer)) {
        check_peer_close(&peer);
        return true; /* not what was asked */
    }
    easy = curl_easy_init();
    if (easy == NULL) {
        fatal("out of memory");
    }
    lane_options_init(&options, d);
    lane_options_set(&options, easy, 1);
    check_set(easy, &peer, why);
    code = check_perform(easy, &peer);
    if (why[0] == '\0') {
        (void)snprintf(why, CURL_ERROR_SIZE, "%s", curl_easy_strerror(code));
    }
    curl_easy_cleanup(easy);
    lane_options_clear(&options);
    check_peer_close(&peer);
    return code != CURLE_SSL_CERTPROBLEM && code != CURLE_SSL_CACERT_BADFILE &&
           code != CURLE_SSL_CIPHER && code != CURLE_SSL_ENGINE_NOTFOUND &&
           code != CURLE_SSL_ENGINE_SETFAILED && code != CURLE_NOT_BUILT_IN &&
           code != CURLE_BAD_FUNCTION_ARGUMENT;
}

/* A key that is encrypted says so in its PEM (RFC 1421, RFC 7468). */
static bool check_is_locked(const char *path)
{
    FILE *f = fopen(path, "r");
    char line[256];
    bool locked = false;

    for (int i = 0; f != NULL && i < CHECK_KEY_LINES && !locked; i++) {
        if (fgets(line, sizeof line, f) == NULL) {
            break;
        }
        locked = strstr(line, "ENCRYPTED") != NULL;
    }
    if (f != NULL) {
        fclose(f);
    }
    return locked;
}

/* The path before a mistake of the plan's, as its others have it. */
static const char *check_path(struct dial_place at, const char *path)
{
    return at.line > 0 ? path : "";
}

static void check_cert_fail(const struct dial *d, const char *file,
                            const char *why, struct err *e)
{
    const char *key = d->key != NULL ? d->key : d->cert;
    const char *then = "; expected PEM files that belong together";

    if (check_is_locked(key)) {
        why = d->password == NULL
                  ? "the key is encrypted: http.tls.password opens it"
                  : "http.tls.password does not open the key, or it is of "
                    "another certificate";
        then = "";
    }
    err_set_at(
        e, ERR_RANGE, d->cert_at.line > 0 ? file : "", d->cert_at.line,
        d->cert_at.column, "%scertificate '%.110s' with key '%.110s': %.110s%s",
        check_path(d->cert_at, "$.http.tls.cert: "), d->cert, key, why, then);
}

/* Each thing alone, so that the message names the one that is wrong. */
static bool check_tls(const struct dial *d, const char *file, struct err *e)
{
    struct dial part = {.ca = d->ca, .ca_dir = d->ca_dir};
    char why[CURL_ERROR_SIZE];

    if (d->ca != NULL && !check_handshake(&part, why)) {
        err_set_at(e, ERR_RANGE, d->ca_at.line > 0 ? file : "", d->ca_at.line,
                   d->ca_at.column,
                   "%s'%.150s' holds no certificates of authorities in PEM: "
                   "%.200s",
                   check_path(d->ca_at, "$.http.tls.ca: "), d->ca, why);
        return false;
    }
    part = (struct dial){.ciphers = d->ciphers, .insecure = true};
    if (d->ciphers != NULL && !check_handshake(&part, why)) {
        err_set_at(e, ERR_RANGE, d->ciphers_at.line > 0 ? file : "",
                   d->ciphers_at.line, d->ciphers_at.column,
                   "%sciphers '%.150s': %.200s ('openssl ciphers' lists them)",
                   check_path(d->ciphers_at, "$.http.tls.ciphers: "),
                   d->ciphers, why);
        return false;
    }
    part = (struct dial){.cert = d->cert,
                         .key = d->key,
                         .password = d->password,
                         .insecure = true};
    if (d->cert != NULL && !check_handshake(&part, why)) {
        check_cert_fail(d, file, why, e);
        return false;
    }
    return true;
}

static bool check_bind(const char *address)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } a;
    socklen_t size = sizeof a.v6;
    int fd, saved;
    bool ok;

    memset(&a, 0, sizeof a);
    if (inet_pton(AF_INET6, address, &a.v6.sin6_addr) == 1) {
        a.v6.sin6_family = AF_INET6;
    } else if (inet_pton(AF_INET, address, &a.v4.sin_addr) == 1) {
        a.v4.sin_family = AF_INET;
        size = sizeof a.v4;
    }
    fd = socket(a.any.sa_family, SOCK_STREAM, 0);
    if (fd < 0) {
        return false;
    }
    ok = bind(fd, &a.any, size) == 0;
    saved = errno;
    close(fd);
    errno = saved;
    return ok;
}

static bool check_locals(const struct dial *d, struct err *e)
{
    uint64_t n = addresses_count(&d->locals);
    char address[ADDRESS_MAX];

    for (uint64_t i = 0; i < n; i++) {
        if (i == CHECK_ADDRESSES) {
            i = n - 1;
        }
        if (!check_bind(addresses_at(&d->locals, i, address))) {
            err_set(e, ERR_RANGE,
                    "source address %s (http.localAddresses, --local-ips): %s; "
                    "'ip addr' shows those that this machine has",
                    address, strerror(errno));
            return false;
        }
    }
    return true;
}

static bool check_has(int feature)
{
    return (curl_version_info(CURLVERSION_NOW)->features & feature) != 0;
}

bool lane_check(const struct dial *d, const char *file, struct err *e)
{
    if (d->prior_knowledge && !check_has(CURL_VERSION_HTTP2)) {
        err_set(e, ERR_SUPPORT, "http.http2: this libcurl has no HTTP/2");
        return false;
    }
    if (d->proxy != NULL && strncasecmp(d->proxy, "https:", 6) == 0 &&
        !check_has(CURL_VERSION_HTTPS_PROXY)) {
        err_set(e, ERR_SUPPORT,
                "proxy: this libcurl cannot speak TLS to a proxy");
        return false;
    }
    return check_tls(d, file, e) && check_locals(d, e);
}
