/* SPDX-License-Identifier: MIT
 *
 * lane_curl_done - what came of a call: its failure by kind, or its timings.
 *
 * The instants are read from our own clock, at the moment the loop acts:
 *   start  the VU handed the call over
 *   begin  the connection stands, the request is about to be written
 *   sent   the socket has taken its last byte
 *   first  the first line of a response was read
 *   end    libcurl said that the transfer is over
 * so sending = sent - begin, waiting = first - sent, receiving = end - first,
 * and blocked is what lies between start and begin beside connecting and TLS,
 * whose lengths are libcurl's. A late loop shows in all of them; that is what
 * loop lag is measured for. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load/lane_curl_internal.h"
#include "load/lane_failure.h"

static int lane_errno(const struct port *p)
{
    long error = 0;

    if (p->sock_errno != 0) {
        return p->sock_errno;
    }
    curl_easy_getinfo(p->easy, CURLINFO_OS_ERRNO, &error);
    return (int)error;
}

static enum failure lane_failure(const struct port *p, CURLcode code)
{
    if (p->too_large) {
        return FAILURE_TOO_LARGE;
    }
    if (p->switched) {
        return FAILURE_PROTOCOL;
    }
    if (lane_failure_of_code(code) != FAILURE_NONE) {
        return lane_failure_of_code(code);
    }
    if (p->begin == 0 && lane_failure_of_tunnel(code, p->error)) {
        return FAILURE_CONNECT;
    }
    switch ((int)code) {
    case CURLE_WRITE_ERROR:
        /* We took all: libcurl did not, of a packed body that goes on behind
         * its end. */
        return FAILURE_ENCODING;
    case CURLE_COULDNT_CONNECT:
        return lane_failure_of_errno(lane_errno(p));
    case CURLE_RECV_ERROR:
        /* Broken chunks share the code with a broken connection. */
        return strstr(p->error, "chunked-encod") != NULL ? FAILURE_PROTOCOL
                                                         : FAILURE_RESET;
    case CURLE_OUT_OF_MEMORY:
        /* libcurl's word, before 8.6, for a header line beyond its bound too;
         * we have died of a real want of memory elsewhere. */
        return p->begin != 0 && !p->head_done ? FAILURE_TOO_LARGE
                                              : FAILURE_LOCAL;
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
        return FAILURE_TOO_LARGE;
#endif
    default:
        /* Before the request a bad URL, say; after it, an answer that libcurl
         * does not take (HTTP/0.9, say). */
        return p->begin == 0 ? FAILURE_CONNECT : FAILURE_PROTOCOL;
    }
}

static const char *lane_reset_text(const struct port *p)
{
    if (lane_errno(p) == ECONNRESET) {
        return "connection reset by the other side";
    }
    if (p->head_bytes == 0) {
        return "connection closed before any response";
    }
    return p->head_done ? "connection closed within the body"
                        : "connection closed within the headers";
}

/* libcurl's reason without what is said before it. */
static const char *lane_unpack_text(const char *text)
{
    static const char before[] = "Error while processing content unencoding: ";

    return strncmp(text, before, sizeof before - 1) == 0
               ? text + sizeof before - 1
               : text;
}

#define LANE_SWITCHED "101: the protocol was switched, unasked"

/* Texts without figures that change: equal failures are counted together. */
static void lane_message(struct port *p, CURLcode code)
{
    const char *text =
        p->error[0] != '\0' ? p->error : curl_easy_strerror(code);
    char *out = p->x.message;
    size_t size = sizeof p->x.message;

    switch (p->x.failure) {
    case FAILURE_REFUSED:
        snprintf(out, size, "connection refused");
        break;
    case FAILURE_RESET:
        snprintf(out, size, "%s", lane_reset_text(p));
        break;
    case FAILURE_TIMEOUT:
        snprintf(out, size, "%s within %.6g s",
                 p->begin == 0   ? "no connection"
                 : !p->head_done ? "no response"
                                 : "no complete response",
                 (double)p->call->timeout_us / US_PER_SEC);
        break;
    case FAILURE_TOO_LARGE:
        snprintf(out, size, "response %s larger than %llu bytes",
                 p->head_done ? "body" : "head",
                 p->head_done ? (unsigned long long)call_max_body(p->call)
                              : (unsigned long long)EXCHANGE_HEAD_MAX);
        break;
    case FAILURE_ENCODING:
        snprintf(out, size, "packed body cannot be unpacked: %.95s",
                 code == CURLE_WRITE_ERROR ? "it goes on behind its end"
                                           : lane_unpack_text(text));
        break;
    case FAILURE_LOCAL:
        snprintf(out, size, "%.127s",
                 lane_errno(p) != 0 ? strerror(lane_errno(p)) : text);
        break;
    default:
        snprintf(out, size, "%.127s", p->switched ? LANE_SWITCHED : text);
    }
}

static uint64_t lane_between(mono_us from, mono_us to)
{
    return to > from ? to - from : 0;
}

static uint64_t lane_info_us(const struct port *p, CURLINFO what)
{
    curl_off_t us = 0;

    curl_easy_getinfo(p->easy, what, &us);
    return us > 0 ? (uint64_t)us : 0;
}

/* What lies between start and begin. libcurl's times of a connection count from
 * the beginning of the transfer; on a kept one there are none. */
static void lane_fill_connection(struct port *p)
{
    struct exchange *x = &p->x;
    uint64_t before = lane_between(p->start, p->begin);

    x->connecting = x->tls = 0;
    if (p->opened) {
        uint64_t named = lane_info_us(p, CURLINFO_NAMELOOKUP_TIME_T);
        uint64_t connected = lane_info_us(p, CURLINFO_CONNECT_TIME_T);
        uint64_t secured = lane_info_us(p, CURLINFO_APPCONNECT_TIME_T);

        x->connecting = lane_between(named, connected);
        x->tls = secured != 0 ? lane_between(connected, secured) : 0;
    }
    if (x->connecting > before) {
        x->connecting = before;
    }
    if (x->tls > before - x->connecting) {
        x->tls = before - x->connecting;
    }
    x->blocked = before - x->connecting - x->tls;
}

static void lane_fill_times(struct port *p, mono_us end)
{
    struct exchange *x = &p->x;
    mono_us first = p->first != 0 && p->first < end ? p->first : end;
    /* A response that came while the request was still being written ends the
     * sending. */
    mono_us sent = p->sent != 0 && p->sent < first ? p->sent : first;

    lane_fill_connection(p);
    x->sending = lane_between(p->begin, sent);
    x->waiting = lane_between(sent, first);
    x->receiving = lane_between(first, end);
}

static enum http_proto lane_proto(const struct port *p)
{
    long version = 0;

    curl_easy_getinfo(p->easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return PROTO_HTTP_1_0;
    case CURL_HTTP_VERSION_1_1:
        return PROTO_HTTP_1_1;
    case CURL_HTTP_VERSION_2_0:
        return PROTO_HTTP_2;
    default:
        return PROTO_NONE;
    }
}

/* Up to 64 KiB of body are written, and counted, with the head; what libcurl
 * writes later it counts apart. */
static uint64_t lane_sent_bytes(const struct port *p)
{
    curl_off_t upload = 0;
    long head = 0;

    curl_easy_getinfo(p->easy, CURLINFO_REQUEST_SIZE, &head);
    curl_easy_getinfo(p->easy, CURLINFO_SIZE_UPLOAD_T, &upload);
    return (uint64_t)(upload > head ? head + upload : head);
}

/* On the wire: a packed body is not as large as what it holds. */
static uint64_t lane_body_received(const struct port *p)
{
    curl_off_t n = 0;

    if (!p->decode) {
        return p->body_bytes;
    }
    curl_easy_getinfo(p->easy, CURLINFO_SIZE_DOWNLOAD_T, &n);
    return n > 0 ? (uint64_t)n : 0;
}

void lane_done_fill(struct port *p, CURLcode code, mono_us at)
{
    struct exchange *x = &p->x;
    long status = 0;

    x->lane = LANE_CURL;
    x->failure = FAILURE_NONE;
    x->message[0] = '\0';
    x->took = lane_between(p->start, at);
    x->retries = p->sends > 1 ? p->sends - 1 : 0;
    x->reused = p->sends > 0 && !p->opened;
    x->received = p->head_bytes + lane_body_received(p);
    x->sent = p->sends > 0 ? lane_sent_bytes(p) : 0;
    x->proto = p->first != 0 ? lane_proto(p) : PROTO_NONE;
    x->blocked = x->connecting = x->tls = 0;
    x->sending = x->waiting = x->receiving = 0;
    x->status = 0;
    if (code == CURLE_WRITE_ERROR && p->ended) {
        code = CURLE_OK;
    }
    if (code == CURLE_OK && !p->head_done) {
        code = CURLE_PARTIAL_FILE; /* libcurl lets a cut head pass */
    }
    if (code != CURLE_OK) {
        x->failure = lane_failure(p, code);
        lane_message(p, code);
        return;
    }
    curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
    x->status = (unsigned)status;
    lane_fill_times(p, at);
}
