package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.http.CorsOrigins;
import io.atelier.http.ListenerFactory;
import io.atelier.messaging.settings.ListenerFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;

/** The ports of faces, which are closed unless they are set. */
@GatewayHttpTest
class ClosedFaceHttpTests {

    @Autowired
    private FaceListener hayhooksListener;

    @Autowired
    private ListenerFactory listeners;

    @Test
    void faceWithoutAPortDoesNotListen() {
        assertThat(hayhooksListener.isRunning()).isFalse();
        assertThat(hayhooksListener.port()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"off,false,0", "OFF,false,0", "0,true,0", "1416,true,1416", "65535,true,65535"})
    void portIsANumberOrOff(String text, boolean isOpen, int number) {
        assertThat(FacePort.of(text)).isEqualTo(new FacePort(isOpen, number, false));
        assertThat(Pattern.matches(FacePort.PATTERN, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"on", "65536", "99999", "-1", "1e3", "if-free:", "if-free:off", "free:1416"})
    void otherWordsAreRefused(String text) {
        assertThat(Pattern.matches(FacePort.PATTERN, text)).isFalse();
        assertThatThrownBy(() -> FacePort.of(text)).hasMessageContaining("must be a port from 1 to 65535");
    }

    @Test
    void portThatIsTakenClosesAFaceOnlyIfItIsOptional() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            int taken = other.getLocalPort();
            var optional = listener("if-free:" + taken);
            var required = listener(Integer.toString(taken));

            optional.start();

            assertThat(optional.isRunning()).isFalse();
            assertThat(optional.port()).isEmpty();
            assertThatThrownBy(required::start)
                    .isInstanceOf(ListenerFailed.class)
                    .hasMessageContaining("io.atelier.faces.intel.port");
        }
    }

    private FaceListener listener(String port) {
        return new FaceListener(
                "intel",
                "io.atelier.faces.intel.port",
                FacePort.of(port),
                number -> listeners.listener(
                        number,
                        new CorsOrigins("io.atelier.faces.intel.cors-origins", List.of()),
                        exchange -> Mono.empty(),
                        List.of(),
                        (exchange, e) -> Mono.error(e)));
    }
}
