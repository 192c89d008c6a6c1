package io.maestro.rest;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Tells the API reference what an endpoint answers with when its Java type does not. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Answers {
    /** The body; {@code Void} for none, {@code String} for plain text, {@code byte[]} for any bytes, {@code Json} for any JSON. */
    Class<?> value();

    /** Whether the body is a page of them. */
    boolean list() default false;

    /** Whether such a page has prefixes beside its items. */
    boolean prefixes() default false;

    /** The usual status. */
    int status() default 200;

    /** Other statuses with the same body. */
    int[] also() default {};

    /** One line of the answer with status 200 for those who accept lines of JSON; {@code Void} when there is no such answer. */
    Class<?> lines() default Void.class;
}
