package io.maestro.launcher;

import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Ends the process at once on a signal that comes while it is stopping already. The virtual machine itself would let the
 * second Ctrl-C wait for the first. Reached by reflection, because signals have no supported API; without them only this
 * comfort is missing.
 */
final class Impatience {
    private static final int INTERRUPTED = 130;

    private Impatience() {}

    static void haltOnNextSignal() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object halt =
                    Proxy.newProxyInstance(Impatience.class.getClassLoader(), new Class<?>[] {handler}, (p, m, a) -> {
                        Runtime.getRuntime().halt(INTERRUPTED);
                        return null;
                    });
            for (String name : List.of("INT", "TERM")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), halt);
            }
        } catch (ReflectiveOperationException e) {
            System.getLogger(Impatience.class.getName()).log(Level.DEBUG, "no signals", e);
        }
    }
}
