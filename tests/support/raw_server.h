/* SPDX-License-Identifier: MIT
 *
 * raw_server - a server on the loopback that misbehaves on demand: what it does
 * with a request is chosen by the request's path. Threads of its own, one a
 * connection; every one of them ends when the server is freed. */
#ifndef TESTS_SUPPORT_RAW_SERVER_H
#define TESTS_SUPPORT_RAW_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RAW(path, what it does). A path may be followed by more ("/status/404"). */
#define RAW_PATHS(RAW)                                                         \
    RAW("/ok", ok)                     /* 200, body "ok" */                    \
    RAW("/json", json)                 /* 200, {"id": "a1b2", "n": 3} */       \
    RAW("/echo", echo)                 /* 200, body: the request itself */     \
    RAW("/status/", status)            /* that status, body "status" */        \
    RAW("/empty/", empty)              /* that status, no body, but 304's      \
                                          length says 5 */                     \
    RAW("/close-head", close_head)     /* half a head, then closes */          \
    RAW("/close-body", close_body)     /* 10 of 100 bytes, then closes */      \
    RAW("/close", close)               /* closes at once */                    \
    RAW("/reset", reset)               /* resets the connection */             \
    RAW("/stall-body", stall_body)     /* 10 of 100 bytes, then silence */     \
    RAW("/stall", stall)               /* says nothing */                      \
    RAW("/rubbish-long", rubbish_long) /* 200 kB without a newline */          \
    RAW("/rubbish", rubbish)           /* a few bytes that are not HTTP */     \
    RAW("/drip", drip)                 /* byte by byte, in 1-byte chunks:      \
                                          "dripping" */                        \
    RAW("/endless-head", endless_head) /* headers without an end */            \
    RAW("/endless-interim", endless_interim) /* 103 without an end */          \
    RAW("/huge", huge)                       /* a body of RAW_HUGE_BYTES */    \
    RAW("/interim", interim)                 /* 100, 103, then as /ok */       \
    RAW("/http10", http10)                   /* HTTP/1.0, ended by closing */  \
    RAW("/no-length", no_length)             /* HTTP/1.1, ended by closing */  \
    RAW("/trailers", trailers)               /* chunked with a trailer */      \
    RAW("/bad-length", bad_length)           /* Content-Length: banana */      \
    RAW("/bad-chunk", bad_chunk)             /* a chunk of size "zz" */        \
    RAW("/short-chunk", short_chunk)         /* closes within a chunk */       \
    RAW("/last-on-connection", last)         /* as /ok, then closes, without   \
                                                saying so before */            \
    RAW("/once-a-connection", once)   /* as /ok; a second request on the       \
                                         connection is read and the            \
                                         connection closed */                  \
    RAW("/events", events)            /* three pieces, then the end */         \
    RAW("/event-stall", event_stall)  /* one piece, then silence */            \
    RAW("/retry-after/", retry_after) /* /retry-after/503/VALUE: that status,  \
                                         and that header, a '+' being a space  \
                                         in it */                              \
    RAW("/answers/", answers)         /* /answers/500,200: each request of a   \
                                         connection gets the next status, and  \
                                         then the last one again; a 500 says   \
                                         "native histograms are disabled" */   \
    RAW("/cpu/", cpu)                 /* a page of metrics; of values with     \
                                         commas between them each request of   \
                                         a connection gets the next as the     \
                                         counter of CPU, and then silence */   \
    RAW("/corpus/", corpus) /* the bytes of that file of the fuzzers'          \
                               corpus of responses, then closes */

#define RAW_HUGE_BYTES (3u << 20)

struct raw_server; /* opaque */

/* Listens on 127.0.0.1 at a free port. Fails the test when it cannot. */
struct raw_server *raw_server_new(void);
void raw_server_free(struct raw_server **s);
unsigned raw_server_port(const struct raw_server *s);
/* "http://127.0.0.1:PORT" and path; returns buf. */
const char *raw_server_url(const struct raw_server *s, const char *path,
                           char *buf, size_t size);
/* Requests that were read whole, and connections accepted. */
uint64_t raw_server_requests(const struct raw_server *s);
/* The same, once there are n of them, or after a minute: what was sent and then
 * given up by the other side may be read after that. */
uint64_t raw_server_read(struct raw_server *s, uint64_t n);
uint64_t raw_server_connections(const struct raw_server *s);
/* The request that was read whole last, head and body, into buf, and a NUL
 * behind it; returns its bytes, of which there is room for size - 1. */
size_t raw_server_last(struct raw_server *s, char *buf, size_t size);
/* Connections that are open now. */
uint64_t raw_server_open(const struct raw_server *s);

#endif
