/** Tenants for the tests of engines that only ask who is there. */
@NullMarked
package io.maestro.testing.tenancy;

import org.jspecify.annotations.NullMarked;
