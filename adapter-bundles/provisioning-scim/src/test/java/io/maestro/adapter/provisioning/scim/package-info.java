@NullMarked
package io.maestro.adapter.provisioning.scim;

import org.jspecify.annotations.NullMarked;
