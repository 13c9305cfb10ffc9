# SPDX-License-Identifier: MIT
# Tests that belong to no one room: end to end, scripts over the tree.
