package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.CallContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What is registered as the OSGi service of an instance: its contract, each call bounded by the guard. So nobody in the
 * server reaches an adapter unbounded, and nobody but the host can close it.
 */
final class GuardedContract implements InvocationHandler {
    private final AdapterInstance adapter;
    private final Guard guard;

    private GuardedContract(AdapterInstance adapter, Guard guard) {
        this.adapter = adapter;
        this.guard = guard;
    }

    /** The adapter behind its guard, as the interface of its type. */
    static <T extends AdapterInstance> T of(Class<T> contract, AdapterInstance adapter, Guard guard) {
        return contract.cast(Proxy.newProxyInstance(
                contract.getClassLoader(), new Class<?>[] {contract}, new GuardedContract(adapter, guard)));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> guard.name();
            };
        }
        if (method.getName().equals("close")) {
            throw new UnsupportedOperationException("the host closes " + guard.name());
        }
        String correlationId = arguments != null && arguments.length > 0 && arguments[0] instanceof CallContext context
                ? context.correlationId()
                : "-";
        Asked asked = new Asked(method.getName(), null, correlationId, 1);
        return guard.call(asked, guard.settings().deadline(), flight -> {
            try {
                return method.invoke(adapter, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception thrown) {
                    throw thrown;
                }
                throw e;
            }
        });
    }
}
