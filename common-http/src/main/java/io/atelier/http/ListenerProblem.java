package io.atelier.http;

import java.util.LinkedHashMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * A problem (RFC 9457) of the listener itself, for services that have no problems of their own.
 *
 * @param code the last part of its type
 */
record ListenerProblem(HttpStatusCode status, String code, String title, String detail) {

    byte[] body() {
        var problem = new LinkedHashMap<String, Object>();
        problem.put("type", "urn:atelier:problem:" + code);
        problem.put("title", title);
        problem.put("status", status.value());
        problem.put("detail", detail);
        problem.put("code", code);
        return JsonMapper.shared().writeValueAsBytes(problem);
    }

    /** @param length of the body, in bytes */
    static HttpHeaders headers(int length) {
        var headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(length);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        return headers;
    }
}
