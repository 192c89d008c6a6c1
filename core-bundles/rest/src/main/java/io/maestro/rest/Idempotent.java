package io.maestro.rest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks an endpoint that creates something from a JSON body and honours {@code Idempotency-Key}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Idempotent {
    /** Whether the answer holds a secret; then it is not kept, and a repeated request is told so. */
    boolean secret() default false;
}
