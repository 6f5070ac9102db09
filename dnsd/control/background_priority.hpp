// SPDX-License-Identifier: Apache-2.0
#pragma once
// What loads zones and databases gives way to what answers.

namespace control {

/// From now on the calling thread gets a fourth of a CPU that another thread wants too, and that in
/// short slices where the kernel knows those (Linux 6.12): while a large zone is read, answers come
/// a little later rather than milliseconds.
void step_back() noexcept;

}  // namespace control
