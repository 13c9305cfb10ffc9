/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "load/lane_failure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct lane_kind {
    CURLcode code;
    enum failure failure;
};

/* Those that need a closer look are not here. */
static const struct lane_kind lane_kinds[] = {
    {CURLE_COULDNT_RESOLVE_HOST, FAILURE_DNS},
    {CURLE_COULDNT_RESOLVE_PROXY, FAILURE_DNS},
    {CURLE_OPERATION_TIMEDOUT, FAILURE_TIMEOUT},
    {CURLE_GOT_NOTHING, FAILURE_RESET},
    {CURLE_PARTIAL_FILE, FAILURE_RESET},
    {CURLE_SEND_ERROR, FAILURE_RESET},
    {CURLE_HTTP2_STREAM, FAILURE_RESET},
    {CURLE_HTTP2, FAILURE_PROTOCOL},
    {CURLE_WEIRD_SERVER_REPLY, FAILURE_PROTOCOL},
    {CURLE_BAD_CONTENT_ENCODING, FAILURE_ENCODING},
    {CURLE_SSL_CONNECT_ERROR, FAILURE_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, FAILURE_TLS},
    {CURLE_SSL_CERTPROBLEM, FAILURE_TLS},
    {CURLE_SSL_CIPHER, FAILURE_TLS},
    {CURLE_SSL_CACERT_BADFILE, FAILURE_TLS},
    {CURLE_SSL_CRL_BADFILE, FAILURE_TLS},
    {CURLE_SSL_ISSUER_ERROR, FAILURE_TLS},
    {CURLE_SSL_ENGINE_NOTFOUND, FAILURE_TLS},
    {CURLE_SSL_ENGINE_SETFAILED, FAILURE_TLS},
    {CURLE_SSL_ENGINE_INITFAILED, FAILURE_TLS},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, FAILURE_TLS},
    {CURLE_SSL_INVALIDCERTSTATUS, FAILURE_TLS},
    {CURLE_SSL_CLIENTCERT, FAILURE_TLS},
    {CURLE_INTERFACE_FAILED, FAILURE_LOCAL},
    {CURLE_FAILED_INIT, FAILURE_LOCAL},
    {CURLE_NO_CONNECTION_AVAILABLE, FAILURE_LOCAL},
};

enum failure lane_failure_of_code(CURLcode code)
{
    for (size_t i = 0; i < sizeof lane_kinds / sizeof lane_kinds[0]; i++) {
        if (lane_kinds[i].code == code) {
            return lane_kinds[i].failure;
        }
    }
    return FAILURE_NONE;
}

enum failure lane_failure_of_errno(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return FAILURE_REFUSED;
    case ECONNRESET:
    case EPIPE:
        return FAILURE_RESET;
    case ETIMEDOUT:
        return FAILURE_TIMEOUT;
    case EMFILE:
    case ENFILE:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case ENOBUFS:
    case ENOMEM:
    case EAGAIN:
        return FAILURE_LOCAL;
    default:
        return FAILURE_CONNECT;
    }
}

bool lane_failure_of_tunnel(CURLcode code, const char *text)
{
    return code == CURLE_RECV_ERROR && strstr(text, "CONNECT") != NULL;
}

enum failure lane_failure_connect(const struct lane_failure *f, char *text,
                                  size_t size)
{
    enum failure kind = lane_failure_of_code(f->code);
    const char *why =
        f->text[0] != '\0' ? f->text : curl_easy_strerror(f->code);

    if (lane_failure_of_tunnel(f->code, f->text)) {
        kind = FAILURE_CONNECT;
    } else if (kind == FAILURE_NONE) {
        kind = f->code == CURLE_COULDNT_CONNECT
                   ? lane_failure_of_errno(f->error)
               : f->code == CURLE_RECV_ERROR    ? FAILURE_RESET
               : f->code == CURLE_OUT_OF_MEMORY ? FAILURE_LOCAL
                                                : FAILURE_CONNECT;
    }
    if (kind == FAILURE_REFUSED) {
        why = "connection refused";
    } else if (kind == FAILURE_RESET) {
        why = f->error == ECONNRESET ? "connection reset by the other side"
                                     : "connection closed before any response";
    } else if (kind == FAILURE_LOCAL && f->error != 0) {
        why = strerror(f->error);
    }
    (void)snprintf(text, size, "%s", why);
    return kind;
}
