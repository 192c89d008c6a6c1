package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.storage.StoredObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;

/**
 * The outside system of the sample: a doorkeeper on a socket, who lets in whoever knows the password, and places with
 * objects behind it.
 */
final class SampleSystem implements AutoCloseable {
    static final String PASSWORD = "a-password-of-tests-only";

    private static final Comparator<String> BY_BYTES =
            (left, right) -> Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8));

    private final Path folder;
    private final ServerSocket door;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    SampleSystem(Path folder) throws IOException {
        this.folder = folder;
        this.door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::keepDoor);
    }

    /** An object and the file with its bytes. */
    record Kept(StoredObject object, Path bytes) {}

    /** Objects by key, in the order of lists. */
    record Place(NavigableMap<String, Kept> objects) {}

    URI address() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    String newPlace() {
        String name = "place-" + places.size();
        places.put(name, new Place(new ConcurrentSkipListMap<>(BY_BYTES)));
        return name;
    }

    Place place(String name) {
        return places.getOrDefault(name, new Place(new ConcurrentSkipListMap<>(BY_BYTES)));
    }

    Path newFile() throws IOException {
        return Files.createTempFile(folder, "object", null);
    }

    private void keepDoor() {
        try {
            while (true) {
                Socket visitor = door.accept();
                Thread.ofVirtual().start(() -> answer(visitor));
            }
        } catch (SocketException e) {
            // closed: the tests are over
            places.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Socket visitor) {
        try (visitor) {
            String line = new BufferedReader(new InputStreamReader(visitor.getInputStream(), UTF_8)).readLine();
            String[] words = String.valueOf(line).split(" ", -1);
            String answer =
                    !words[0].equals(PASSWORD) ? "stranger" : places.containsKey(words[1]) ? "welcome" : "no place";
            visitor.getOutputStream().write((answer + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the system was closed. */
    void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        door.close();
    }
}
