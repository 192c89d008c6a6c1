@NullMarked
package io.maestro.conformance;

import org.jspecify.annotations.NullMarked;
