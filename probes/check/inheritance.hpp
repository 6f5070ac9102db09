// SPDX-License-Identifier: Apache-2.0
#pragma once
// Limits what programs that this process starts may do.

namespace probes {

/// From here on, programs that the calling thread starts get none of its capabilities (the thread
/// keeps them), and gain none by setuid or by their files' capabilities (PR_SET_NO_NEW_PRIVS). They
/// may do only what their user may do anyhow; as root they have root's. Throws std::system_error.
void pass_on_no_privileges();

}  // namespace probes
