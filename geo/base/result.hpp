// SPDX-License-Identifier: Apache-2.0
#pragma once
// The return type of functions that can fail because of a file or of the machine they run on. The
// class itself is not [[nodiscard]]: write that on each function that returns a Result.

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace geo {

/// One sentence for the operator: which thing is wrong, and what is wrong with it.
struct Error {
    std::string text;
};

[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
    throw std::runtime_error{error.text};
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace geo
