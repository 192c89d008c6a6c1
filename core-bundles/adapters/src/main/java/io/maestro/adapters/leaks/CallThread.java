package io.maestro.adapters.leaks;

/**
 * A thread of the operating system that the host lends to one call of an adapter. It is the host's: nobody counts it as one that the
 * adapter has of its own, however long the call takes.
 */
public final class CallThread extends Thread {
    /** A daemon that is not started. It inherits from the caller's thread what a virtual thread would. */
    public CallThread(String name, Runnable call) {
        super(null, call, name, 0, true);
        setDaemon(true);
    }
}
