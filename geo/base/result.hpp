// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a function returns that can fail because of a file or of the machine it runs on.
// The class is not [[nodiscard]]: write it on each function that returns one.

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace geo {

/// One sentence for the operator: which thing, and what is wrong with it.
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
