"""The frame of every page: head, banner, session markers, firewall and outage pages."""

from random import Random

from starlette.responses import HTMLResponse, RedirectResponse, Response

from agent.sandbox.pages.words import esc
from agent.sandbox.server.options import SandboxOptions

ASSURE = "/PortailAS/appmanager/PortailAS/assure"

_SCRIPT = """<script>
(function () {
  var consent = document.getElementById('bandeauConsentement');
  if (consent) {
    if (document.cookie.indexOf('consentement=') >= 0) { consent.remove(); }
    consent.addEventListener('click', function (event) {
      if (!event.target.closest('button')) { return; }
      document.cookie = 'consentement=fait; path=/; SameSite=Lax';
      consent.remove();
    });
  }
  var modal = document.getElementById('idBoutonFermerFenetreModale');
  if (modal) { modal.addEventListener('click', function () { modal.parentNode.remove(); }); }
})();
</script>"""

_STYLE = """<style>
body{font:16px/1.45 sans-serif;margin:0;color:#1c2a4a;background:#f4f6fa}
header,footer,main{max-width:60rem;margin:auto;padding:1rem}
header{display:flex;justify-content:space-between}
.hidden,.invisible{display:none}.zone-alerte{border:2px solid #c1272d;padding:.5rem}
#bandeauConsentement{position:fixed;bottom:0;left:0;right:0;background:#fff;border-top:1px solid #99a;padding:.7rem}
main{background:#fff}table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;text-align:left}
</style>"""


def page_link(label: str) -> str:
    """Relative address of a portal page."""
    return f"{ASSURE}?_nfpb=true&_pageLabel={label}"


def banner(options: SandboxOptions) -> str:
    """The consent banner; it hides nothing and stops nothing."""
    accept, refuse = "Tout accepter", "Tout refuser"
    if options.banner == "off":
        return ""
    if options.banner == "wa":
        buttons = (f'<button type="button" id="idWAaccepter">{accept}</button>'
                   f'<button type="button" id="idWArefuser">{refuse}</button>')
    elif options.banner == "cookie":
        buttons = (f'<button type="button" id="accepteCookie">{accept}</button>'
                   f'<button type="button" id="refuseCookie">{refuse}</button>')
    else:
        buttons = (f'<button type="button" id="idWAaccepter"><span id="accepteCookie">{accept}</span></button>'
                   f'<button type="button" id="idWArefuser"><span id="refuseCookie">{refuse}</span></button>')
    return f'<div id="bandeauConsentement"><p>Ce site utilise des cookies de mesure.</p>{buttons}</div>'


def _document(title: str, header: str, body: str, options: SandboxOptions, scripts: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{esc(title)}</title>{_STYLE}</head>\n'
        f"<body>{header}<main>{body}</main><footer><p>Bac à sable : aucune donnée réelle. 25.29.00</p></footer>"
        f"{banner(options)}{_SCRIPT}{scripts}</body></html>"
    )


def visitor_page(title: str, body: str, options: SandboxOptions) -> HTMLResponse:
    """A page for somebody who is not logged in."""
    header = '<header><a href="/">ameli</a><div class="tetiere-connexion">Non connecté</div></header>'
    return HTMLResponse(_document(title, header, body, options))


def bare_page(title: str, body: str, options: SandboxOptions) -> HTMLResponse:
    """A page between two states: neither the markers of a session nor those of a visitor."""
    return HTMLResponse(_document(title, "<header>ameli</header>", body, options))


def member_page(title: str, name: str, body: str, options: SandboxOptions, scripts: str = "") -> HTMLResponse:
    """A page for the person logged in, with every mark by which programs know it."""
    logout = esc(page_link("as_deconnexion_page"))
    # Each period of the site marked its log-out link in its own way; all are here, the title once only.
    header = (
        f'<header><nav><a href="{esc(page_link("as_accueil_page"))}">Accueil</a> '
        f'<a href="{esc(page_link("as_paiements_page"))}">Mes paiements</a> '
        f'<a href="{esc(page_link("as_messages_recus_page"))}">Mes messages</a> '
        f'<a href="{esc(page_link("as_info_perso_page"))}">Mes informations</a></nav>'
        f'<div id="lienDeconnexionId"><span>{esc(name)}</span> '
        f'<a id="id_lien_deco" class="logout deconnexionButton" title="Déconnexion du compte ameli" '
        f'href="{logout}">Déconnexion</a> <a id="logout" class="logout" href="{logout}">Quitter</a></div></header>'
    )
    return HTMLResponse(_document(title, header, body, options, '<script src="/PortailAS/JavaScriptServlet"></script>'
                                  + scripts))


def window(content: str) -> str:
    """The portal engine's box around a page's content."""
    return f'<div class="wlp-bighorn-window"><div class="wlp-bighorn-window-content">{content}</div></div>'


def firewall(rng: Random, status: int) -> HTMLResponse:
    """The page of the firewall in front."""
    return HTMLResponse(
        "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. "
        f"Please consult with your administrator.<br><br>Your support ID is: {rng.randrange(10**18, 10**19)}<br><br>"
        "<a href='javascript:history.back();'>[Go Back]</a></body></html>",
        status_code=status,
    )


def outage_page() -> HTMLResponse:
    """``/vu/INDISPO_COMPTE_ASSURES.html``, with the markup of its three periods."""
    return HTMLResponse(
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Compte ameli</title></head><body>'
        '<div id="backgroundId"><div class="mobile"><p><span class="texte-indispo">Oups... votre compte ameli est '
        "momentanément indisponible. Il sera de retour en pleine forme très bientôt.</span></p></div></div></body>"
        "</html>"
    )


def redirect(url: str, status: int = 302) -> Response:
    """A redirect that keeps the address as written."""
    response = RedirectResponse("/", status_code=status)
    response.headers["location"] = url
    return response
