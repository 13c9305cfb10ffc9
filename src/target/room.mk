# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libtarget.a
libtarget_a_SOURCES = src/target/room.mk
