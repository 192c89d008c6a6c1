package io.maestro.rest;

import io.maestro.api.identity.Action;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the right that an endpoint needs, in the scope that its path parameters {@code tenant} and {@code environment}
 * give. The application does not start with an endpoint that has neither this nor {@link Open}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Allows {
    /** The right. */
    Action value();
}
