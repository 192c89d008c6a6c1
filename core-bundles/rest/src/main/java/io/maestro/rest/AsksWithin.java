package io.maestro.rest;

import io.maestro.api.policy.EntryPoint;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The service behind the endpoint asks the policy, since it knows more of the case. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface AsksWithin {
    /** What it asks. */
    EntryPoint value();
}
