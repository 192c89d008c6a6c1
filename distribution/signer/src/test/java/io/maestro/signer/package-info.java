@NullMarked
package io.maestro.signer;

import org.jspecify.annotations.NullMarked;
