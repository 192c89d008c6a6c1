@NullMarked
package io.maestro.api.trust;

import org.jspecify.annotations.NullMarked;
