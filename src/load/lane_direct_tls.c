/* SPDX-License-Identifier: MIT
 *
 * lane_direct_tls - TLS without libcurl in between: where its TLS is OpenSSL,
 * and the same library as ours, a connection that it has secured gets a socket
 * of its own to read and write, and we call OpenSSL ourselves. What libcurl
 * adds to each send and receive falls away (it looks its connection up in a
 * list), and a response is one recv: OpenSSL by itself asks for a record's head
 * first, and then for the rest.
 *
 * The handle stays, and closes the connection: libcurl before 8.9 resets the
 * SSL of a connection that it closes, so that nobody can have it longer. With
 * other backends, and over a proxy that is itself spoken to in TLS, libcurl
 * sends and receives. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/must.h"
#include "load/lane_direct_internal.h"

/* LibreSSL calls itself 2.0. Before 3.0 there is no telling whether libcurl's
 * OpenSSL is this one. */
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#define DIRECT_TLS_OWN 1
#else
#define DIRECT_TLS_OWN 0
#endif

#if DIRECT_TLS_OWN

/* "OpenSSL/3.0.19", that is what libcurl says, and we are linked with. */
static bool direct_tls_same_version(void)
{
    const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
    char ours[64];
    size_t n;

    (void)snprintf(ours, sizeof ours, "OpenSSL/%s",
                   OpenSSL_version(OPENSSL_VERSION_STRING));
    n = strlen(ours);
    return theirs != NULL && strncmp(theirs, ours, n) == 0 &&
           (theirs[n] == '\0' || theirs[n] == ' ');
}

bool direct_tls_may(const struct lane_options *o)
{
    return !o->tls_by_libcurl &&
           (o->dial->proxy == NULL ||
            strncasecmp(o->dial->proxy, "https:", 6) != 0) &&
           direct_tls_same_version();
}

/* The SSL of the connection, if it is one of our library's; a second copy of
 * the same version, linked into libcurl, has its methods elsewhere. */
static SSL *direct_tls_of(const struct direct_open *o)
{
    struct curl_tlssessioninfo *info = NULL;
    SSL *ssl;

    if (curl_easy_getinfo(o->easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK ||
        info == NULL || info->backend != CURLSSLBACKEND_OPENSSL) {
        return NULL;
    }
    ssl = info->internals;
    return ssl != NULL && SSL_CTX_get_ssl_method(SSL_get_SSL_CTX(ssl)) ==
                              TLS_client_method()
               ? ssl
               : NULL;
}

/* libcurl is asked to receive first, for two reasons: a connection that it has
 * sent or received on counts as in use, and is none that it tidies away when
 * another one is opened; and "nothing there" means that its layers hold nothing
 * back. */
void direct_tls_take(struct direct_conn *c)
{
    struct lane_direct *l = c->port->lane;
    size_t n = 0;
    CURLcode code;
    SSL *ssl;

    if (!l->own_tls) {
        return;
    }
    code = curl_easy_recv(c->open->easy, l->received, DIRECT_RECEIVE, &n);
    if (code != CURLE_AGAIN) {
        c->early = code == CURLE_OK && n > 0;
        return;
    }
    ssl = direct_tls_of(c->open);
    if (ssl == NULL) {
        return;
    }
    /* Tickets come when they like: libcurl takes them into its own store, which
     * it may do only in a call of its own. */
    SSL_CTX_sess_set_new_cb(SSL_get_SSL_CTX(ssl), NULL);
    if (SSL_set_fd(ssl, c->io.fd) != 1) {
        return;
    }
    SSL_set_read_ahead(ssl, 1);
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
                          SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    c->ssl = ssl;
}

#else

bool direct_tls_may(const struct lane_options *o)
{
    (void)o;
    return false;
}

void direct_tls_take(struct direct_conn *c)
{
    MUST(!c->port->lane->own_tls);
}

#endif

/* What others have left in the thread's queue would be taken for ours. */
static void direct_tls_forget_errors(void)
{
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

/* Nothing was read or written. 0: the other side has said farewell; -1 and
 * errno. forward: what the operation itself waits for. */
static ssize_t direct_tls_stopped(struct direct_conn *c, int rc, int forward)
{
    int error = errno;

    switch (SSL_get_error(c->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
        c->crossed = forward != EV_READ;
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_WANT_WRITE:
        c->crossed = forward != EV_WRITE;
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_SYSCALL:
        errno = error == ECONNRESET || error == EPIPE ? error : EPROTO;
        return -1;
    default:
        /* An end without a farewell is among them: it is no end of a
         * response. */
        errno = EPROTO;
        return -1;
    }
}

ssize_t direct_tls_read(struct direct_conn *c, char *into, int size)
{
    int n;

    direct_tls_forget_errors();
    errno = 0;
    c->crossed = false;
    n = SSL_read(c->ssl, into, size);
    return n > 0 ? n : direct_tls_stopped(c, n, EV_READ);
}

/* At most one record. */
ssize_t direct_tls_write(struct direct_conn *c, const void *from, size_t size)
{
    int n;

    direct_tls_forget_errors();
    errno = 0;
    c->crossed = false;
    n = SSL_write(c->ssl, from,
                  size < DIRECT_RECEIVE ? (int)size : (int)DIRECT_RECEIVE);
    if (n > 0) {
        return n;
    }
    return direct_tls_stopped(c, n, EV_WRITE) < 0 && errno == EAGAIN ? 0 : -1;
}

bool direct_tls_pending(const struct direct_conn *c)
{
    return SSL_has_pending(c->ssl) != 0;
}
