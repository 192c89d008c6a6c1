/** The built-in functions, grouped as their documentation groups them. */
@NullMarked
package io.maestro.rego.builtins;

import org.jspecify.annotations.NullMarked;
