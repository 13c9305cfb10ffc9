/* SPDX-License-Identifier: MIT
 *
 * pb - messages of protocol buffers described for libprotobuf-c by hand, those
 * that are only ever written: they are few, and no generator runs during a
 * build. Inside this room only, where the library is there. */
#ifndef RECORD_PB_H
#define RECORD_PB_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "base/attr.h"
#include "base/buf.h"

/* A field: message, member, number, type, what it is made of. ONE is written
 * unless it is 0 or "", OF (a member of a oneof) always, IN (a message) unless
 * it is NULL, MANY is a list of messages whose length is n_MEMBER, PACKED one
 * of numbers. */
#define PB_FIELD(label_, msg, member_, id_, type_, of, quantifier, flags_)     \
    {                                                                          \
        .name = #member_, .id = (id_), .label = PROTOBUF_C_LABEL_##label_,     \
        .type = PROTOBUF_C_TYPE_##type_, .quantifier_offset = (quantifier),    \
        .offset = offsetof(struct msg, member_), .descriptor = (of),           \
        .flags = (flags_)                                                      \
    }
#define PB_ONE(msg, member, id, type)                                          \
    PB_FIELD(NONE, msg, member, id, type, NULL, 0, 0)
#define PB_OF(msg, member, id, type)                                           \
    PB_FIELD(REQUIRED, msg, member, id, type, NULL, 0, 0)
#define PB_IN(msg, member, id, of)                                             \
    PB_FIELD(OPTIONAL, msg, member, id, MESSAGE, of, 0, 0)
#define PB_MANY(msg, member, id, of)                                           \
    PB_FIELD(REPEATED, msg, member, id, MESSAGE, of,                           \
             offsetof(struct msg, n_##member), 0)
#define PB_PACKED(msg, member, id, type)                                       \
    PB_FIELD(REPEATED, msg, member, id, type, NULL,                            \
             offsetof(struct msg, n_##member), PROTOBUF_C_FIELD_FLAG_PACKED)
/* Nothing looks a field up by its name. */
#define PB_MESSAGE(msg, full, fields_)                                         \
    {                                                                          \
        .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC, .name = (full),         \
        .short_name = (full), .c_name = #msg, .package_name = "",              \
        .sizeof_message = sizeof(struct msg),                                  \
        .n_fields = sizeof(fields_) / sizeof(fields_)[0], .fields = (fields_)  \
    }

/* Appends m as it is sent. false: out is too small, and is as it was. */
bool pb_add(struct buf *out, const ProtobufCMessage *m) MUST_CHECK;

#endif
