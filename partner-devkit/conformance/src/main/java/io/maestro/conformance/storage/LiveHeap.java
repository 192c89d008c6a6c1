package io.maestro.conformance.storage;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use by something that is still reachable. */
final class LiveHeap {
    private LiveHeap() {}

    /** In bytes, after a collection. The JVM must not ignore {@code System.gc()}. */
    static long bytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
