"""Pages of the sub-applications: a script calls the REST and draws, as the real single-page application does."""

from starlette.responses import HTMLResponse

from agent.sandbox.pages.attestation import beneficiary_key
from agent.sandbox.pages.markup import member_page
from agent.sandbox.pages.words import esc
from agent.sandbox.server.state import Service

_SCRIPT = """<script>
(function () {
  var base = '/compte/aspmm/rest/releves-mensuels';
  var names = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre',
               'novembre', 'décembre'];
  var last = %(last)d, retention = 27, shown = 0, cards = document.getElementById('cartes');
  var more = document.getElementById('afficherPlus');

  function uuid() {
    if (window.crypto && crypto.randomUUID) { return crypto.randomUUID(); }
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, function () {
      return Math.floor(Math.random() * 16).toString(16);
    });
  }
  function call(path) {
    return fetch(base + path, {credentials: 'include', headers: {
      'Accept': 'application/json, text/plain, */*',
      'canal': JSON.stringify({canal: 'PORTAIL', reduction: 'ASDS_X'}),
      'x-app-name': 'ASDS_X', 'x-app-version': '25.40.0', 'x-request-engine': 'Axios', 'x-correlation-id': uuid()
    }}).then(function (answer) {
      if (!answer.ok) { throw new Error('HTTP ' + answer.status); }
      return answer.json();
    });
  }
  function period(index) { return String(Math.floor(index / 12)) + String(index %% 12 + 1).padStart(2, '0'); }
  function download(name) {
    call('/pdf/' + encodeURIComponent(name)).then(function (paper) {
      var link = document.createElement('a');
      link.href = 'data:' + paper.typeMime + ';base64,' + paper.contenu;
      link.download = paper.nomAffichage;
      link.click();
    });
  }
  function draw(month) {
    var card = document.createElement('div'), title = document.createElement('h2');
    card.className = 'v-card carteMois';
    title.className = 'v-card-title';
    title.textContent = (names[Number(month.moisAnnee.slice(4)) - 1] + ' ' + month.moisAnnee.slice(0, 4)).toUpperCase();
    card.appendChild(title);
    if (!month.releves.length) {
      var none = document.createElement('p');
      none.textContent = 'Aucun paiement';
      card.appendChild(none);
    }
    month.releves.forEach(function (one) {
      var button = document.createElement('button');
      button.type = 'button';
      button.className = 'v-btn';
      button.textContent = 'Relevé mensuel';
      button.addEventListener('click', function () { download(one.identifiant); });
      card.appendChild(button);
    });
    cards.appendChild(card);
  }
  function load(count) {
    var wanted = Math.min(count, retention - shown), end = last - shown;
    if (wanted <= 0) { more.hidden = true; return Promise.resolve(); }
    more.disabled = true;
    return call('/home?debutPeriode=' + period(end - wanted + 1) + '&finPeriode=' + period(end)).then(function (data) {
      data.infosStatiques.forEach(function (info) {
        if (/retention$/.test(info.identifiant)) { retention = Number(info.contenu); }
      });
      data.rubriquesMensuelles.sort(function (a, b) { return a.moisAnnee < b.moisAnnee ? 1 : -1; }).forEach(draw);
      shown += wanted;
      more.disabled = false;
      more.hidden = shown >= retention;
    }).catch(function (error) {
      more.disabled = false;
      document.getElementById('erreur').textContent = 'Service momentanément indisponible (' + error.message + ').';
    });
  }
  more.addEventListener('click', function () { load(6); });
  load(6).then(function () { return load(6); });
})();
</script>"""


def statements(service: Service) -> HTMLResponse:
    """``/compte/aspm/releves-mensuels``: twelve cards at first, six more at each press of the button."""
    today = service.today()
    body = (
        '<div id="app"><h1>Relevés mensuels</h1><p>Vos relevés de remboursements de soins et d\'indemnités.</p>'
        '<p id="erreur" role="alert"></p><div id="cartes"></div>'
        '<button type="button" id="afficherPlus" class="v-btn" hidden>Afficher plus de relevés</button></div>'
    )
    script = _SCRIPT % {"last": today.year * 12 + today.month - 2}
    return member_page("Relevés mensuels", service.household.persons[0].first_name, body, service.options, script)


def attestation(service: Service) -> HTMLResponse:
    """``/compte/asdo/attestation-droits``: choose somebody, press the button."""
    people = "".join(
        f'<option value="{esc(beneficiary_key(person))}">{esc(person.first_name)} {esc(person.last_name)}</option>'
        for person in service.household.persons
    )
    body = (
        '<div id="app"><h1>Attestation de droits</h1>'
        '<form method="get" action="/compte/asdo/attestation-droits/fichier">'
        '<label for="beneficiaire">Bénéficiaire</label> <select id="beneficiaire" name="beneficiaire">'
        f'<option value="FAMILLE">Tous les bénéficiaires</option>{people}</select> '
        "<button type=\"submit\" class=\"v-btn\">Télécharger l'attestation de droits</button></form></div>"
    )
    return member_page("Attestation de droits", service.household.persons[0].first_name, body, service.options)
