/** Promises kept by the launched distribution, seen from outside as an operator or a program sees it. */
@NullMarked
package io.maestro.e2e;

import org.jspecify.annotations.NullMarked;
