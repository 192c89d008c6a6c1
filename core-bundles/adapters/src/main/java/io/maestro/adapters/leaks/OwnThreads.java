package io.maestro.adapters.leaks;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the threads that bundles have of their own: those whose task, class or context class loader is of the bundle. Virtual
 * threads are not seen, since the JDK does not list them; threads that the host lends to calls are not theirs. Looks at every
 * thread of the process once; any thread.
 */
public final class OwnThreads {
    private OwnThreads() {}

    /** How many threads each of these class loaders has; none for one that is not in the answer. */
    public static Map<ClassLoader, Long> of(Collection<ClassLoader> loaders) {
        Memory memory = new Memory();
        Map<ClassLoader, Reach> reaches = new HashMap<>();
        loaders.forEach(loader -> reaches.computeIfAbsent(loader, one -> new Reach(memory, one, null)));
        Map<ClassLoader, Long> counts = new HashMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread instanceof CallThread) {
                continue;
            }
            Object task = memory.get(thread, "holder", "task");
            for (Map.Entry<ClassLoader, Reach> one : reaches.entrySet()) {
                Reach reach = one.getValue();
                if (reach.belongs(thread)
                        || reach.belongs(thread.getContextClassLoader())
                        || reach.from(task).isPresent()) {
                    counts.merge(one.getKey(), 1L, Long::sum);
                    break;
                }
            }
        }
        return counts;
    }
}
