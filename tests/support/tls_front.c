/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/tls_front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/must.h"
#include "base/xalloc.h"

#define FRONT_PIECE 16384

struct front_conn {
    struct front_conn *next; /* of the front's */
    struct tls_front *front;
    pthread_t thread;
    int fd; /* stays open until the front is freed, so that it may be shut */
    int behind; /* -1 = not connected */
    SSL *ssl;
};

struct tls_front {
    enum tls_front_whim whim;
    int listener;
    unsigned port, behind;
    SSL_CTX *ctx;
    pthread_t thread;
    struct front_conn *conns; /* the accepting thread's, until it has ended */
};

static struct sockaddr_in front_address(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

/* From here on, or until then, segments wait for company. */
static void front_cork(const struct front_conn *c, int on)
{
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

static void front_on_info(const SSL *ssl, int where, int rc)
{
    const struct front_conn *c = SSL_get_app_data(ssl);

    (void)rc;
    if (c->front->whim == TLS_FRONT_SPEAKS_FIRST &&
        where == SSL_CB_ACCEPT_LOOP &&
        SSL_get_state(ssl) == TLS_ST_SR_FINISHED) {
        front_cork(c, 1);
    }
}

/* Self-signed, made on the spot. */
static void front_certify(SSL_CTX *ctx)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    X509_NAME *name;

    MUST(key != NULL && cert != NULL);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               (const unsigned char *)"127.0.0.1", -1, -1, 0);
    X509_set_issuer_name(cert, name);
    MUST(X509_sign(cert, key, EVP_sha256()) != 0);
    MUST(SSL_CTX_use_certificate(ctx, cert) == 1 &&
         SSL_CTX_use_PrivateKey(ctx, key) == 1);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static bool front_write(struct front_conn *c, const char *data, int n)
{
    return SSL_write(c->ssl, data, n) == n;
}

static bool front_send(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t put = send(fd, data, n, MSG_NOSIGNAL);

        if (put <= 0) {
            return false;
        }
        data += put;
        n -= (size_t)put;
    }
    return true;
}

/* A piece of the server's; false: the connection ends. */
static bool front_answer(struct front_conn *c)
{
    char piece[FRONT_PIECE];
    ssize_t n = recv(c->behind, piece, sizeof piece, 0);
    bool ok;

    if (n < 0) {
        struct linger reset = {.l_onoff = 1};

        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        return false;
    }
    if (n == 0) {
        SSL_shutdown(c->ssl);
        return false;
    }
    if (c->front->whim == TLS_FRONT_RENEGOTIATES) {
        MUST(SSL_renegotiate(c->ssl) == 1);
        (void)SSL_do_handshake(c->ssl);
    }
    front_cork(c, 1);
    ok = front_write(c, piece, (int)n);
    if (ok && c->front->whim == TLS_FRONT_NEW_KEYS) {
        MUST(SSL_key_update(c->ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
        ok = SSL_do_handshake(c->ssl) == 1;
    }
    front_cork(c, 0);
    return ok;
}

/* What the client has sent; false: it is gone. */
static bool front_ask(struct front_conn *c)
{
    char piece[FRONT_PIECE];
    int n;

    do {
        n = SSL_read(c->ssl, piece, sizeof piece);
        if (n < 0 && SSL_get_error(c->ssl, n) == SSL_ERROR_WANT_READ) {
            return true; /* it was TLS's own, or not yet a whole record */
        }
        if (n <= 0 || !front_send(c->behind, piece, (size_t)n)) {
            return false;
        }
    } while (SSL_pending(c->ssl) > 0);
    return true;
}

static void front_relay(struct front_conn *c)
{
    struct pollfd both[2] = {{.fd = c->fd, .events = POLLIN},
                             {.fd = c->behind, .events = POLLIN}};
    bool on = true;

    while (on && poll(both, 2, -1) > 0) {
        if (both[0].revents != 0) {
            on = front_ask(c);
        }
        if (on && both[1].revents != 0) {
            on = front_answer(c);
        }
    }
}

static void *front_serve(void *conn)
{
    struct front_conn *c = conn;
    struct sockaddr_in to = front_address(c->front->behind);

    c->ssl = SSL_new(c->front->ctx);
    SSL_set_app_data(c->ssl, c);
    SSL_set_fd(c->ssl, c->fd);
    if (SSL_accept(c->ssl) == 1) {
        c->behind = socket(AF_INET, SOCK_STREAM, 0);
        if (c->front->whim == TLS_FRONT_SPEAKS_FIRST) {
            (void)front_write(c, "early", 5);
            front_cork(c, 0);
        }
        if (connect(c->behind, (const struct sockaddr *)&to, sizeof to) == 0) {
            front_relay(c);
        }
        close(c->behind);
    }
    SSL_free(c->ssl);
    /* Closes the connection, and keeps the number until the front goes. */
    dup2(c->front->listener, c->fd);
    return NULL;
}

static void *front_accept(void *front)
{
    struct tls_front *f = front;

    for (;;) {
        int fd = accept(f->listener, NULL, NULL);
        struct front_conn *c;

        if (fd < 0 && errno == EMFILE) {
            sched_yield(); /* a test that takes all descriptors */
            continue;
        }
        if (fd < 0) {
            return NULL;
        }
        c = xcalloc(1, sizeof *c);
        c->front = f;
        c->fd = fd;
        c->next = f->conns;
        f->conns = c;
        MUST(pthread_create(&c->thread, NULL, front_serve, c) == 0);
    }
}

struct tls_front *tls_front_new(unsigned behind, enum tls_front_whim whim)
{
    struct tls_front *f = xcalloc(1, sizeof *f);
    struct sockaddr_in at = front_address(0);
    socklen_t size = sizeof at;
    bool old = whim == TLS_FRONT_SPEAKS_FIRST || whim == TLS_FRONT_RENEGOTIATES;

    f->whim = whim;
    f->behind = behind;
    f->ctx = SSL_CTX_new(TLS_server_method());
    MUST(f->ctx != NULL);
    SSL_CTX_set_info_callback(f->ctx, front_on_info);
    SSL_CTX_set_max_proto_version(f->ctx, old ? TLS1_2_VERSION : 0);
    SSL_CTX_set_session_id_context(f->ctx, (const unsigned char *)"front", 5);
    SSL_CTX_clear_mode(f->ctx, SSL_MODE_AUTO_RETRY);
    front_certify(f->ctx);
    f->listener = socket(AF_INET, SOCK_STREAM, 0);
    MUST(f->listener >= 0 &&
         bind(f->listener, (const struct sockaddr *)&at, sizeof at) == 0 &&
         listen(f->listener, 256) == 0 &&
         getsockname(f->listener, (struct sockaddr *)&at, &size) == 0);
    f->port = ntohs(at.sin_port);
    MUST(pthread_create(&f->thread, NULL, front_accept, f) == 0);
    return f;
}

void tls_front_free(struct tls_front **fp)
{
    struct tls_front *f = *fp;

    *fp = NULL;
    if (f == NULL) {
        return;
    }
    shutdown(f->listener, SHUT_RDWR);
    pthread_join(f->thread, NULL);
    while (f->conns != NULL) {
        struct front_conn *c = f->conns;

        f->conns = c->next;
        shutdown(c->fd, SHUT_RDWR);
        pthread_join(c->thread, NULL);
        close(c->fd);
        free(c);
    }
    close(f->listener);
    SSL_CTX_free(f->ctx);
    free(f);
}

unsigned tls_front_port(const struct tls_front *f)
{
    return f->port;
}
