// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a program that this process starts may do.

namespace probes {

/// Nothing that its user may not do anyhow: from here on, programs that the calling thread starts
/// get none of its capabilities (it keeps them), and gain none by setuid or by their files'
/// (PR_SET_NO_NEW_PRIVS). As root they are root's all the same. Throws std::system_error.
void pass_on_no_privileges();

}  // namespace probes
