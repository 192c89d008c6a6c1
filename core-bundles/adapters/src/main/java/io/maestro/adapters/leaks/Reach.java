package io.maestro.adapters.leaks;

import java.lang.ref.Reference;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks from an object along its fields for something of one class loader, and tells the shortest way there. Goes through
 * objects of the JDK and of the framework only, and not far: a full walk through the heap would stop the node.
 */
final class Reach {
    /** More than this of one root is not looked at. */
    private static final int MOST = 30_000;

    private static final int LONGEST_WAY = 6;
    private static final String FRAMEWORK = "org.apache.felix.framework.";

    private final Memory memory;
    private final ClassLoader loader;
    private final @Nullable ClassLoader framework;

    /**
     * Looks for what is of {@code loader}.
     *
     * @param framework whose classes are gone through, besides those of the JDK
     */
    Reach(Memory memory, ClassLoader loader, @Nullable ClassLoader framework) {
        this.memory = memory;
        this.loader = loader;
        this.framework = framework;
    }

    /**
     * Something of the loader.
     *
     * @param way to it, as people write it
     */
    record Found(String way, Object object) {}

    private record Step(Object at, @Nullable Step before, String name) {}

    /** Whether the object is the loader, one of its classes, or an object of one of them. */
    boolean belongs(@Nullable Object object) {
        return switch (object) {
            case null -> false;
            case ClassLoader one -> loader.equals(one);
            case Class<?> type -> ofLoader(type);
            default -> ofLoader(object.getClass());
        };
    }

    /** Also a class that only extends one of the loader's. */
    private boolean ofLoader(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        for (Class<?> one = element; one != null; one = one.getSuperclass()) {
            if (loader.equals(one.getClassLoader())) {
                return true;
            }
        }
        return false;
    }

    /** What the root leads to of the loader; empty when nothing was found. */
    Optional<Found> from(@Nullable Object root) {
        if (root == null) {
            return Optional.empty();
        }
        if (belongs(root)) {
            return Optional.of(new Found(name(root), root));
        }
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Step> waiting = new ArrayDeque<>();
        seen.add(root);
        waiting.add(new Step(root, null, name(root)));
        while (!waiting.isEmpty() && seen.size() < MOST) {
            Step step = waiting.remove();
            Optional<Step> found = next(step, seen, waiting);
            if (found.isPresent()) {
                return found.map(last -> new Found(way(last), last.at()));
            }
        }
        return Optional.empty();
    }

    private Optional<Step> next(Step step, Set<Object> seen, Deque<Step> waiting) {
        Object at = step.at();
        if (at instanceof Object[] array) {
            for (int i = 0; i < array.length && seen.size() < MOST; i++) {
                Optional<Step> found = visit(step, "[" + i + "]", array[i], seen, waiting);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        for (Memory.Slot slot : memory.slots(at.getClass())) {
            boolean weak = at instanceof Reference<?> && isOfReference(slot.name());
            if (!weak) {
                Optional<Step> found = visit(step, "." + slot.name(), memory.get(at, slot), seen, waiting);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Step> visit(Step from, String by, @Nullable Object to, Set<Object> seen, Deque<Step> waiting) {
        if (to == null) {
            return Optional.empty();
        }
        if (belongs(to)) {
            return Optional.of(new Step(to, from, by + " = " + name(to)));
        }
        if (leadsOn(to) && seen.add(to)) {
            waiting.add(new Step(to, from, by));
        }
        return Optional.empty();
    }

    /** What is of other bundles, and what leads everywhere, is not gone through. */
    private boolean leadsOn(Object object) {
        Class<?> type = object.getClass();
        if (object instanceof Class<?>
                || object instanceof ClassLoader
                || object instanceof Thread
                || object instanceof ThreadGroup
                || object instanceof Module
                || object instanceof String
                || object instanceof Number
                || object instanceof org.osgi.framework.Bundle
                || object instanceof org.osgi.framework.BundleContext) {
            return false;
        }
        if (type.isArray()) {
            return object instanceof Object[];
        }
        ClassLoader of = type.getClassLoader();
        return of == null
                || of.equals(ClassLoader.getPlatformClassLoader())
                || (of.equals(framework) && (Proxy.isProxyClass(type) || isOfFramework(type.getName())));
    }

    /** Its registries are looked at for themselves: each leads to all the others. */
    private static boolean isOfFramework(String type) {
        return type.startsWith(FRAMEWORK)
                && !type.equals(FRAMEWORK + "EventDispatcher")
                && !type.equals(FRAMEWORK + "ServiceRegistry");
    }

    private static boolean isOfReference(String field) {
        return switch (field) {
            case "referent", "queue", "next", "discovered" -> true;
            default -> false;
        };
    }

    private static String name(Object object) {
        return object instanceof Class<?> type
                ? "class " + type.getName()
                : object.getClass().getName();
    }

    private static String way(Step last) {
        List<String> names = new ArrayList<>();
        for (Step step = last; step != null; step = step.before()) {
            names.add(step.name());
        }
        Collections.reverse(names);
        if (names.size() <= LONGEST_WAY) {
            return String.join("", names);
        }
        return names.getFirst() + " … " + String.join("", names.subList(names.size() - LONGEST_WAY + 1, names.size()));
    }
}
