// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/loads.hpp"

#include <new>

namespace control {

std::string Loads::reason_of(const std::exception_ptr& escaped) noexcept {
    try {
        try {
            std::rethrow_exception(escaped);
        } catch (const std::exception& known) {
            return known.what();
        }
    } catch (const std::bad_alloc&) {
        return "no memory";  // fits into the string itself
    } catch (...) {
        return "an exception";
    }
}

}  // namespace control
