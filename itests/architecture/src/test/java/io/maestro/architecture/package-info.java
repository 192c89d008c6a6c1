/** The rules that every class, bundle, page and build file of the repository keeps to. */
@NullMarked
package io.maestro.architecture;

import org.jspecify.annotations.NullMarked;
