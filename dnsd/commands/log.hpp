// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the lines of the log go, and how they look there.

#include <string_view>

namespace commands {

/// Lines go to standard error: time, level, text. Where that is the journal, which notes the time by
/// itself, they begin with their priority instead (sd-daemon(3)): "<4>warning …".
void begin_log();

/// "<3>" where standard error is the journal, empty elsewhere: for what is printed beside the log.
[[nodiscard]] std::string_view priority_of_fault();
/// The same of a warning.
[[nodiscard]] std::string_view priority_of_warning();

}  // namespace commands
