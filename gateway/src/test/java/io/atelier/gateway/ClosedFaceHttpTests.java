package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.faces.listener.FacePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The ports of faces, which are closed unless they are set. */
@GatewayHttpTest
class ClosedFaceHttpTests {

    @Autowired
    private FaceListener hayhooksListener;

    @Test
    void faceWithoutAPortDoesNotListen() {
        assertThat(hayhooksListener.isRunning()).isFalse();
        assertThat(hayhooksListener.port()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"off,false,0", "OFF,false,0", "0,true,0", "1416,true,1416", "65535,true,65535"})
    void portIsANumberOrOff(String text, boolean isOpen, int number) {
        assertThat(FacePort.of(text)).isEqualTo(new FacePort(isOpen, number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "65536", "99999", "100000", "-1", "1e3", " 80"})
    void otherWordsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FacePort.of(text))
                .withMessage("'%s' must be a port from 1 to 65535, 0 for any free port, or off", text);
    }
}
