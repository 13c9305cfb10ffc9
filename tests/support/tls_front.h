/* SPDX-License-Identifier: MIT
 *
 * tls_front - TLS before a plain server on the loopback: what comes in is
 * decrypted and handed on over a connection of its own, and the answers back.
 * An end of the server's is a farewell and an end; a reset is a reset. Threads
 * of its own, one a connection; every one ends when the front is freed. */
#ifndef TESTS_SUPPORT_TLS_FRONT_H
#define TESTS_SUPPORT_TLS_FRONT_H

enum tls_front_whim {
    TLS_FRONT_PLAIN,
    TLS_FRONT_SPEAKS_FIRST, /* "early" comes with the end of the handshake, in
                               TLS 1.2 */
    TLS_FRONT_NEW_KEYS,     /* asks for new keys behind each piece, in the same
                               segment, in TLS 1.3 */
    TLS_FRONT_RENEGOTIATES, /* asks for another handshake before each piece, in
                               TLS 1.2 */
};

struct tls_front; /* opaque */

/* Listens on 127.0.0.1 at a free port, before that one there. Fails the test
 * when it cannot. */
struct tls_front *tls_front_new(unsigned behind, enum tls_front_whim whim);
void tls_front_free(struct tls_front **f);
unsigned tls_front_port(const struct tls_front *f);

#endif
