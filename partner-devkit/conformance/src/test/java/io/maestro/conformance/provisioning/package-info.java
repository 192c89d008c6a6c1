@NullMarked
package io.maestro.conformance.provisioning;

import org.jspecify.annotations.NullMarked;
