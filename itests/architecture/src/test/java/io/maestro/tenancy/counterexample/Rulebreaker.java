package io.maestro.tenancy.counterexample;

import io.maestro.store.counterexample.Internals;
import io.maestro.trust.counterexample.Engine;
import java.sql.Connection;
import org.jooq.DSLContext;
import org.osgi.service.component.annotations.Component;

/** A component that is not named so, is not final, and imports what it must not. */
@Component(service = Rulebreaker.class)
@SuppressWarnings({"DesignForExtension", "JavaTimeDefaultTimeZone"})
public class Rulebreaker {
    static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

    static long broken(Connection connection, DSLContext jooq) throws InterruptedException {
        Thread.sleep(0);
        System.out.println(Engine.class.getName() + Internals.class.getName() + connection + jooq.getClass());
        return System.currentTimeMillis();
    }
}
