package io.maestro.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;

/** What happens when the device that holds the master key hangs. */
class BoundedMasterKeyTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final byte[] BYTES = {1, 2, 3};

    private final Device device = new Device();
    private final BoundedMasterKey key = new BoundedMasterKey(device, Duration.ofMillis(100), 2);

    @Test
    void givesUpACallThatHangsAndStartsNoMoreThanTwoOfThem() {
        device.hang();
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> key.unwrap(BYTES, BYTES))
                    .isInstanceOf(GeneralSecurityException.class)
                    .hasMessageContaining("PT0.1S");
        }
        assertThat(device.calls).hasValue(2);
    }

    @Test
    void worksAgainWhenTheDeviceDoes() {
        device.hang();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> key.unwrap(BYTES, BYTES)).isInstanceOf(GeneralSecurityException.class);
        }
        device.recover();
        // the places are free once the calls that hung have ended
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(key.wrap(BYTES, BYTES)).isEqualTo(BYTES));
    }

    @Test
    void saysWhatTheDeviceSays() {
        device.failure = new AEADBadTagException("not mine");
        assertThatThrownBy(() -> key.unwrap(BYTES, BYTES)).isSameAs(device.failure);
        device.failure = new IllegalStateException("broken");
        assertThatThrownBy(() -> key.wrap(BYTES, BYTES))
                .isInstanceOf(GeneralSecurityException.class)
                .hasRootCause(device.failure);
        assertThat(key.id()).isEqualTo("device");
    }

    /** Gives back what it gets. */
    private static final class Device implements KeyManagement {
        final AtomicInteger calls = new AtomicInteger();
        volatile CountDownLatch open = new CountDownLatch(0);
        volatile Exception failure = new Exception();

        void hang() {
            open = new CountDownLatch(1);
        }

        void recover() {
            open.countDown();
        }

        @Override
        public String id() {
            return "device";
        }

        @Override
        public byte[] wrap(byte[] plain, byte[] context) throws GeneralSecurityException {
            return answer(plain);
        }

        @Override
        public byte[] unwrap(byte[] wrapped, byte[] context) throws GeneralSecurityException {
            return answer(wrapped);
        }

        private byte[] answer(byte[] bytes) throws GeneralSecurityException {
            calls.incrementAndGet();
            while (open.getCount() > 0) {
                try {
                    open.await();
                } catch (InterruptedException e) {
                    // native code does not hear it
                    Thread.onSpinWait();
                }
            }
            if (failure instanceof GeneralSecurityException expected) {
                throw expected;
            }
            if (failure instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            return bytes;
        }
    }
}
