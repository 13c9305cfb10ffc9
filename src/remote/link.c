/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "remote/record.h"
#include "remote/runtime.h"

#define LINK_READ 65536u

bool link_open(struct link *l, const char *path, struct err *e)
{
    buf_init(&l->in, RECORD_BYTES_MAX + RECORD_HEAD + LINK_READ);
    l->fd = runtime_connect(path, e);
    return l->fd >= 0;
}

void link_close(struct link *l)
{
    if (l->fd >= 0) {
        close(l->fd);
    }
    l->fd = -1;
    buf_clear(&l->in);
}

static bool link_write(struct link *l, const char *s, size_t n, struct err *e)
{
    while (n > 0) {
        ssize_t k = send(l->fd, s, n, MSG_NOSIGNAL);

        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k < 0) {
            err_set(e, ERR_IO, "the run takes nothing any more: %s",
                    errno == EAGAIN ? "is it stopped?" : strerror(errno));
            return false;
        }
        s += k;
        n -= (size_t)k;
    }
    return true;
}

bool link_send(struct link *l, const cJSON *o, struct err *e)
{
    char *text = cJSON_PrintUnformatted(o);
    bool ok = link_write(l, text, strlen(text), e) && link_write(l, "\n", 1, e);

    free(text);
    return ok;
}

bool link_fill(struct link *l, int wait_ms, struct err *e)
{
    struct pollfd p = {l->fd, POLLIN, 0};
    char bytes[LINK_READ];
    ssize_t n;
    int ready;

    do {
        ready = poll(&p, 1, wait_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
        err_set(e, ERR_IO, "the run does not answer");
        return false;
    }
    do {
        n = recv(l->fd, bytes, sizeof bytes, 0);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
        err_set(e, ERR_IO, "the run has closed the connection");
        return false;
    }
    if (!buf_add(&l->in, bytes, (size_t)n)) {
        err_set(e, ERR_LIMIT, "the run sends more than this can take");
        return false;
    }
    return true;
}

cJSON *link_line(struct link *l, int wait_ms, struct err *e)
{
    const char *lf;
    size_t n;
    cJSON *o;

    while ((lf = l->in.len == 0 ? NULL : memchr(l->in.data, '\n', l->in.len)) ==
           NULL) {
        if (l->in.len > LINK_LINE_MAX) {
            err_set(e, ERR_LIMIT, "the run sends a line without an end");
            return NULL;
        }
        if (!link_fill(l, wait_ms, e)) {
            return NULL;
        }
    }
    n = (size_t)(lf - l->in.data);
    o = json_parse(l->in.data, n, "the run's answer", e);
    memmove(l->in.data, l->in.data + n + 1, l->in.len - n - 1);
    buf_cut(&l->in, l->in.len - n - 1);
    if (o != NULL && !cJSON_IsObject(o)) {
        err_set(e, ERR_SYNTAX, "the run's answer is no JSON object");
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}

cJSON *link_ask(struct link *l, const cJSON *o, struct err *e)
{
    /* Who is turned away is told so, whether or not it could ask. */
    struct err sent = ERR_INIT;
    bool ok = link_send(l, o, &sent);
    cJSON *answer = link_line(l, LINK_WAIT_MS, ok ? e : NULL);

    if (answer == NULL && !ok) {
        err_set(e, sent.code, "%s", sent.text);
    }
    return answer;
}
