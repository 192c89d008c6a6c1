/** Proves that the published schemas and the Java records of the contract say the same. */
@NullMarked
package io.maestro.contracts;

import org.jspecify.annotations.NullMarked;
