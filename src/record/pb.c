/* SPDX-License-Identifier: MIT */
#include "config.h"

#ifdef HAVE_PROTOBUF_C

#include "record/pb.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

bool pb_add(struct buf *out, const ProtobufCMessage *m)
{
    size_t n = protobuf_c_message_get_packed_size(m);
    bool fits = n <= out->max - out->len;
    uint8_t *bytes;

    if (fits) {
        bytes = xmalloc(n);
        MUST(protobuf_c_message_pack(m, bytes) == n);
        (void)buf_add(out, bytes, n);
        free(bytes);
    }
    return fits;
}

#endif
