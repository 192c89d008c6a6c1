package io.maestro.rest;

import io.maestro.api.policy.EntryPoint;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The policy is asked before the endpoint does anything. The application does not start with an endpoint that may change
 * something and has neither this nor {@link AsksWithin} nor {@link ChangesNothing}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Governed {
    /** The act as its receipt names it: the kind of subject, a point, and a verb. */
    String value();

    /** What the policy is asked. */
    EntryPoint entryPoint() default EntryPoint.ACT;

    /** The path parameter that names the subject; empty when the body's id or name does, or nothing. */
    String subject() default "";

    /** Whether the endpoint takes {@code dryRun} and {@code plan}: then the policy is asked what it would say, too. */
    boolean planned() default false;

    /** Whether the body holds a secret, so that the policy is not shown it. */
    boolean secret() default false;
}
