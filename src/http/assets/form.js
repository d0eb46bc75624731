// The one script of the form's page. Without it everything works; with it, answers outlive a network that fails:
// they stay in the page, and nowhere else, until the server has said that it has them.
(function () {
  'use strict';
  var form = document.getElementById('answers');
  var unsent = document.getElementById('unsent');
  var send = document.getElementById('send');
  if (!form || !unsent || !send || !window.fetch || !window.URLSearchParams || !window.Promise) return;
  var words = send.textContent, patience = 30000, busy = false, passed = false, pressed = null;

  function wait(on) {
    busy = on;
    if (on) send.setAttribute('aria-disabled', 'true'); else send.removeAttribute('aria-disabled');
    send.textContent = on ? send.getAttribute('data-sending') : words;
  }

  function failed() {
    words = send.getAttribute('data-again');
    wait(false);
    unsent.hidden = false;
    unsent.focus();
  }

  // A browser's own sending, for everything but "stored" and "could not be reached".
  function natively() {
    passed = true;
    if (pressed) pressed.click(); else form.submit();
  }

  function ask(address, options) {
    var late = new Promise(function (_, refuse) { setTimeout(function () { refuse(new Error('late')); }, patience); });
    return Promise.race([fetch(address, options), late]);
  }

  form.addEventListener('submit', function (event) {
    if (passed) return;
    event.preventDefault();
    if (busy) return;
    unsent.hidden = true;
    wait(true);
    var by = pressed;
    if (by && by.name) {
      // Another language: the page goes, so the server must be there.
      ask('/healthz', { cache: 'no-store' }).then(natively, failed);
      return;
    }
    var body = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { body.append(name, value); });
    ask(form.action, { method: 'POST', body: body, redirect: 'manual', headers: { Accept: 'text/html' } }).then(function (answer) {
      if (answer.type === 'opaqueredirect') {
        // Stored. Nothing of it stays here, and Back does not lead to it.
        form.reset();
        location.replace('/thanks');
      } else if (answer.status >= 500 || answer.status === 429) {
        failed();
      } else {
        natively();
      }
    }).catch(failed);
  });

  // Which button sends: old browsers do not tell it with the event.
  document.addEventListener('click', function (event) {
    var at = event.target;
    while (at && at.tagName !== 'BUTTON') at = at.parentElement;
    pressed = at && at.form === form ? at : null;
  }, true);

  // Back to a page that was sent by the browser itself, as the browser kept it: empty it.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted && passed) { form.reset(); location.reload(); }
  });

  // How many questions are answered, told where one looks before sending.
  var count = document.getElementById('count');
  function tell() {
    var blocks = form.querySelectorAll('.q[data-n]'), done = 0;
    for (var i = 0; i < blocks.length; i += 1) {
      var field = blocks[i].querySelector('input.code');
      if (field ? field.value.trim() : blocks[i].querySelector(':checked')) done += 1;
    }
    count.querySelector('b').textContent = done;
  }
  if (count) {
    count.hidden = false;
    document.getElementById('empty').hidden = true;
    form.addEventListener('change', tell);
    tell();
  }

  // What is left of a text's room.
  var texts = form.querySelectorAll('textarea[data-max]');
  function room(text) {
    var left = document.getElementById(text.id + '-left');
    var most = Number(text.getAttribute('data-max')), long = Array.from(text.value.trim()).length;
    left.textContent = long + ' / ' + most;
    left.className = long > most ? 'err' : 'hint';
  }
  for (var i = 0; i < texts.length; i += 1) {
    room(texts[i]);
    texts[i].addEventListener('input', function () { room(this); });
  }
}());
