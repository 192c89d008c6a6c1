@NullMarked
package io.maestro.conformance.identity;

import org.jspecify.annotations.NullMarked;
