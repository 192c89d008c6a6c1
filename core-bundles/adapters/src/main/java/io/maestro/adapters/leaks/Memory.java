package io.maestro.adapters.leaks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of objects of the JDK, which reflection does not let in. Only reads. Where the virtual machine does not allow
 * it ({@code --sun-misc-unsafe-memory-access=deny}), all fields are null, and less is found. Not safe for use by several
 * threads at once.
 */
final class Memory {
    private final @Nullable MethodHandle read;
    private final @Nullable MethodHandle offset;
    private final @Nullable MethodHandle staticOffset;
    private final @Nullable MethodHandle staticBase;
    private final Map<Class<?>, List<Slot>> slots = new HashMap<>();

    /** A field that holds an object, and where. */
    record Slot(String name, long offset) {}

    Memory() {
        MethodHandle reader = null;
        MethodHandle ofField = null;
        MethodHandle ofStatic = null;
        MethodHandle base = null;
        try {
            // named, not imported: nothing of the server links against it
            Class<?> unsafe = Class.forName("sun.misc.Unsafe", true, ClassLoader.getPlatformClassLoader());
            Field the = unsafe.getDeclaredField("theUnsafe");
            the.setAccessible(true);
            Object instance = the.get(null);
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodType place = MethodType.methodType(long.class, Field.class);
            reader = lookup.findVirtual(
                            unsafe, "getObject", MethodType.methodType(Object.class, Object.class, long.class))
                    .bindTo(instance);
            ofField = lookup.findVirtual(unsafe, "objectFieldOffset", place).bindTo(instance);
            ofStatic = lookup.findVirtual(unsafe, "staticFieldOffset", place).bindTo(instance);
            base = lookup.findVirtual(unsafe, "staticFieldBase", MethodType.methodType(Object.class, Field.class))
                    .bindTo(instance);
        } catch (ReflectiveOperationException | RuntimeException e) {
            reader = null;
        }
        read = reader;
        offset = ofField;
        staticOffset = ofStatic;
        staticBase = base;
    }

    /** Whether fields can be read at all. */
    boolean isOpen() {
        return read != null;
    }

    /** The fields of objects of this class that hold objects; none for classes that keep them to themselves. */
    List<Slot> slots(Class<?> type) {
        return slots.computeIfAbsent(type, this::find);
    }

    private List<Slot> find(Class<?> type) {
        MethodHandle place = offset;
        if (place == null || type.isHidden() || type.isRecord()) {
            return List.of();
        }
        List<Slot> found = new ArrayList<>();
        for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
            for (Field field : fields(declaring)) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    add(found, field, place);
                }
            }
        }
        return found;
    }

    @SuppressWarnings("CatchingThrowable") // a method handle declares Throwable
    private static void add(List<Slot> found, Field field, MethodHandle place) {
        try {
            found.add(new Slot(field.getName(), (long) place.invoke(field)));
        } catch (Throwable e) {
            // one that is kept: the others will do
            return;
        }
    }

    private static Field[] fields(Class<?> declaring) {
        try {
            return declaring.getDeclaredFields();
        } catch (LinkageError e) {
            return new Field[0];
        }
    }

    /** What the field of the object holds. */
    @SuppressWarnings("CatchingThrowable")
    @Nullable
    Object get(Object owner, Slot slot) {
        MethodHandle reader = read;
        try {
            return reader == null ? null : reader.invoke(owner, slot.offset());
        } catch (Throwable e) {
            return null;
        }
    }

    /** What the field of that name holds, along a way of names; null where it does not lead on. */
    @Nullable
    Object get(@Nullable Object owner, String... names) {
        Object at = owner;
        for (String name : names) {
            Object here = at;
            at = here == null
                    ? null
                    : slots(here.getClass()).stream()
                            .filter(slot -> slot.name().equals(name))
                            .findFirst()
                            .map(slot -> get(here, slot))
                            .orElse(null);
        }
        return at;
    }

    /** What a static field of a class of the JDK holds; null when there is none of that name. */
    @SuppressWarnings("CatchingThrowable")
    @Nullable
    Object getStatic(String type, String name) {
        MethodHandle reader = read;
        MethodHandle place = staticOffset;
        MethodHandle base = staticBase;
        if (reader == null || place == null || base == null) {
            return null;
        }
        try {
            Field field = Class.forName(type, false, ClassLoader.getPlatformClassLoader())
                    .getDeclaredField(name);
            return reader.invoke((Object) base.invoke(field), (long) place.invoke(field));
        } catch (Throwable e) {
            return null;
        }
    }
}
