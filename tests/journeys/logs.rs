//! Logs tell what happened, and nothing of whom: no code, no address, no answer, no unit of an answer.

use crate::support::service::{TestService, a_submission};

#[test]
fn the_log_holds_no_code_no_address_no_answer_and_no_unit() {
    let mut service = TestService::start_with(&["--set", "log=debug"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,",
    );
    let writer = service.token(&["responses:write", "receipts:write", "scores:read"], None);
    let codes = service.receipts("tra-cu", 3);
    let mut bodies = Vec::new();
    for code in &codes {
        assert_eq!(service.browse(&format!("/r/{code}?lang=km")).status, 200);
        assert_eq!(service.get(&format!("/api/v1/receipts/{code}/qr.svg")).status, 200);
        let mut body = a_submission("tra-cu", [1, 2, 3, 4, 5, 1]);
        body["channel"] = "receipt".into();
        body["receipt"] = code.as_str().into();
        body["answers"]["comment"] = "bí mật của tôi".into();
        assert_eq!(service.post("", "/api/v1/responses", &body).status, 201);
        bodies.push(body);
    }
    for _ in 0..5 {
        assert_eq!(service.post(&writer, "/api/v1/responses", &a_submission("tra-cu", [5; 6])).status, 201);
    }
    // Faults, guesses and failures are where logs are careless.
    let mut faulty = bodies[0].clone();
    faulty["answers"]["access.ease"] = 9.into();
    assert_eq!(service.post("", "/api/v1/responses", &faulty).status, 422);
    assert_eq!(service.browse("/r/7K3M9Q2X4HW").status, 404);
    assert_eq!(service.get_as(&writer, "/api/v1/scores?unit=tra-cu").status, 200);
    assert_eq!(service.post("wrong-token-secret", "/api/v1/responses", &bodies[1]).status, 401);
    service.stop();
    let log = service.log().to_lowercase();
    assert!(log.contains("/r/{code}"), "requests are logged by their template:\n{log}");
    let mut secrets: Vec<String> = codes.iter().flat_map(|c| [c.clone(), c.replace('-', "")]).collect();
    secrets.extend(bodies.iter().map(|body| body["submission_key"].as_str().unwrap().to_owned()));
    secrets
        .extend(["bí mật", "access.ease", "tra-cu", "trà cú", "7k3m9q2x4hw", "127.0.0.1"].map(str::to_owned));
    secrets.extend([writer, "wrong-token-secret".to_owned()]);
    // The lines of the start name the address where the service listens, and settings.
    let after_start: String = log.split("sipas listens on ").nth(1).unwrap().lines().skip(1).collect();
    for secret in secrets {
        assert!(!after_start.contains(&secret.to_lowercase()), "{secret} stands in the log:\n{log}");
    }
}
