package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.faces.listener.FacePort;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThat(Pattern.matches(FacePort.PATTERN, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"on", "65536", "99999", "-1", "1e3"})
    void otherWordsAreRefused(String text) {
        assertThat(Pattern.matches(FacePort.PATTERN, text)).isFalse();
    }
}
