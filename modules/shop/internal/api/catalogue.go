package api

import (
	"context"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rally/modules/shop"
	"rally/platform/page"
	"rally/platform/web"
)

func (a *API) registerCatalogue(api huma.API) {
	const brands, brand = "/api/shop/brands/", "/api/shop/brands/{id}/"
	huma.Register(api, web.Op(http.MethodGet, brands, "shop-brands", tag, "List brands"), a.listBrands)
	huma.Register(api, web.Op(http.MethodPost, brands, "shop-brand-create", tag, "Add a brand", web.Staff(), created(), web.Errors(409)), a.createBrand)
	huma.Register(api, web.Op(http.MethodGet, brand, "shop-brand", tag, "Read a brand", web.Errors(404)), a.readBrand)
	huma.Register(api, web.Op(http.MethodPut, brand, "shop-brand-put", tag, "Rename a brand", web.Staff(), web.Errors(404, 409)), a.renameBrand)
	huma.Register(api, web.Op(http.MethodPatch, brand, "shop-brand-patch", tag, "Rename a brand", web.Staff(), web.Errors(404, 409)), a.renameBrand)
	huma.Register(api, web.Op(http.MethodDelete, brand, "shop-brand-delete", tag, "Delete a brand without articles", web.Staff(), noContent(), web.Errors(404, 409)), a.deleteBrand)

	const infos, info = "/api/shop/productinfos/", "/api/shop/productinfos/{id}/"
	huma.Register(api, web.Op(http.MethodGet, infos, "shop-infos", tag, "Search articles",
		web.Describe("Filters may be repeated: values of one filter are alternatives, filters combine. `facets=true` adds how many articles each further choice would show.")), a.listInfos)
	huma.Register(api, web.Op(http.MethodPost, infos, "shop-info-create", tag, "Add an article", web.Staff(), created(), web.Errors(404)), a.createInfo)
	huma.Register(api, web.Op(http.MethodGet, info, "shop-info", tag, "Read an article", web.Errors(404)), a.readInfo)
	huma.Register(api, web.Op(http.MethodPut, info, "shop-info-put", tag, "Replace an article", web.Staff(), web.Errors(404, 409)), a.putInfo)
	huma.Register(api, web.Op(http.MethodPatch, info, "shop-info-patch", tag, "Change an article", web.Staff(), web.Errors(404, 409)), a.patchInfo)
	huma.Register(api, web.Op(http.MethodDelete, info, "shop-info-delete", tag, "Delete an article nobody bid on", web.Staff(), noContent(), web.Errors(404, 409)), a.deleteInfo)

	const images = "/api/shop/productinfos/{id}/images/"
	huma.Register(api, web.Op(http.MethodGet, images, "shop-images", tag, "List the pictures of an article", web.Errors(404)), a.listImages)
	huma.Register(api, web.Op(http.MethodPost, images, "shop-image-add", tag, "Add a picture", web.Staff(), created(), web.MaxBody(11<<20), web.Errors(404, 413),
		web.Describe("JPEG, PNG, GIF or WebP, at most 10 MB and 40 megapixels. The picture is re-encoded; its metadata is dropped. "+
			"The body is a form with one file: `curl -F product_image=@court-84.jpg …`.")), a.addImage)
	huma.Register(api, web.Op(http.MethodDelete, "/api/shop/productimages/{id}/", "shop-image-delete", tag, "Delete a picture", web.Staff(), noContent(), web.Errors(404)), a.deleteImage)
}

type brandInput struct {
	IDInput
	Body struct {
		Name string `json:"name" example:"Solbit"`
	}
}

type newBrandInput struct {
	Body struct {
		Name string `json:"name" example:"Solbit"`
	}
}

type brandsInput struct {
	web.PageInput
	Search string `query:"search" doc:"Words, or parts of words, in the name."`
}

func (a *API) listBrands(ctx context.Context, in *brandsInput) (*pageOf[brandBody], error) {
	list := func(ctx context.Context, p page.Request) (page.List[shop.Brand], error) {
		return a.shop.Brands(ctx, in.Search, p)
	}
	return listPage(ctx, &in.PageInput, list, func(b shop.Brand) brandBody { return toBrand(b) })
}

// listPage runs a use case that lists, and shapes its answer.
func listPage[T, U any](ctx context.Context, in *web.PageInput, list func(context.Context, page.Request) (page.List[T], error), convert func(T) U) (*pageOf[U], error) {
	p, err := in.Request()
	if err != nil {
		return nil, err
	}
	found, err := list(ctx, p)
	if err != nil {
		return nil, err
	}
	return &pageOf[U]{Body: web.NewPageBody(ctx, in, found, convert)}, nil
}

func (a *API) readBrand(ctx context.Context, in *IDInput) (*reply[brandBody], error) {
	b, err := a.shop.Brand(ctx, in.ID)
	return answer(toBrand(b)), err
}

func (a *API) createBrand(ctx context.Context, in *newBrandInput) (*reply[brandBody], error) {
	b, err := a.shop.SaveBrand(ctx, shop.Brand{Name: in.Body.Name})
	return answer(toBrand(b)), err
}

func (a *API) renameBrand(ctx context.Context, in *brandInput) (*reply[brandBody], error) {
	b, err := a.shop.SaveBrand(ctx, shop.Brand{ID: in.ID, Name: in.Body.Name})
	return answer(toBrand(b)), err
}

func (a *API) deleteBrand(ctx context.Context, in *IDInput) (*noBody, error) {
	return nil, a.shop.DeleteBrand(ctx, in.ID)
}

type filterInput struct {
	web.PageInput
	DeliveryTag []string `query:"delivery_tag,explode" doc:"immediate or brand; may be repeated."`
	BrandID     []int64  `query:"brand_id,explode" doc:"May be repeated."`
	Category    []string `query:"category,explode" doc:"shoes, clothes, fashion, life or tech; may be repeated."`
	Size        []string `query:"size,explode" doc:"May be repeated."`
	Price       []string `query:"price,explode" doc:"min-max in won; either side may be empty; may be repeated." example:"100000-200000"`
	Search      string   `query:"search" doc:"Words, or parts of words, in the names, the brand, the model number or the colourway; one or two letters are the beginning of a word. When no article has them all, those with words spelt alike are found."`
	Ordering    string   `query:"ordering" doc:"newest, popular, price, -price or premium."`
	Facets      bool     `query:"facets" doc:"Add the counts of each filter's choices."`
}

func (in *filterInput) filter() (shop.Filter, error) {
	f := shop.Filter{DeliveryTags: in.DeliveryTag, BrandIDs: in.BrandID, Categories: in.Category, Search: in.Search, Ordering: in.Ordering}
	for _, s := range in.Size {
		size, err := shop.NormaliseSize(s)
		if err != nil {
			return f, err
		}
		f.Sizes = append(f.Sizes, size)
	}
	for _, s := range in.Price {
		if s == "" {
			continue
		}
		r, err := shop.ParsePriceRange(s)
		if err != nil {
			return f, err
		}
		f.Prices = append(f.Prices, r)
	}
	return f, nil
}

type facetBody struct {
	Value string `json:"value" example:"shoes"`
	Label string `json:"label,omitempty" doc:"A name for the value, where it is an id."`
	Count int    `json:"count" example:"24"`
}

type facetsBody struct {
	Category    []facetBody `json:"category"`
	BrandID     []facetBody `json:"brand_id"`
	Size        []facetBody `json:"size"`
	DeliveryTag []facetBody `json:"delivery_tag"`
}

func toFacet(values []shop.FacetValue) []facetBody {
	out := make([]facetBody, len(values))
	for i, v := range values {
		out[i] = facetBody(v)
	}
	return out
}

type infosBody struct {
	web.PageBody[infoBody]
	Similar bool        `json:"similar,omitempty" doc:"Nothing has the words of the search: these articles have words spelt alike."`
	Facets  *facetsBody `json:"facets,omitempty"`
}

func (a *API) listInfos(ctx context.Context, in *filterInput) (*reply[infosBody], error) {
	p, err := in.Request()
	if err != nil {
		return nil, err
	}
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	found, err := a.shop.Infos(ctx, f, p, in.Facets)
	if err != nil {
		return nil, err
	}
	folder := a.pictureURL(ctx, "") // once: it is looked for in the context
	body := infosBody{PageBody: web.NewPageBody(ctx, &in.PageInput, found.List, func(i shop.Info) infoBody { return toRow(folder, i) }), Similar: found.Similar}
	if facets := found.Facets; facets != nil {
		body.Facets = &facetsBody{
			Category: toFacet(facets.Category), BrandID: toFacet(facets.BrandID), Size: toFacet(facets.Size), DeliveryTag: toFacet(facets.DeliveryTag),
		}
	}
	return answer(body), nil
}

func (a *API) readInfo(ctx context.Context, in *IDInput) (*reply[infoBody], error) {
	i, err := a.shop.Info(ctx, in.ID)
	return answer(a.toInfo(ctx, i)), err
}

// infoFields are what the staff sets of an article; nil leaves a field as it is.
type infoFields struct {
	Brand       *int64  `json:"brand,omitempty" doc:"Id of the brand." example:"3"`
	EngName     *string `json:"eng_name,omitempty" example:"Solbit Court 84 Chalk"`
	KorName     *string `json:"kor_name,omitempty" example:"솔빛 코트 84 초크"`
	DeliveryTag *string `json:"delivery_tag,omitempty" example:"immediate"`
	Category    *string `json:"category,omitempty" example:"shoes"`
	ModelNumber *string `json:"model_number,omitempty"`
	Colorway    *string `json:"colorway,omitempty"`
	RetailPrice *int64  `json:"retail_price,omitempty" example:"119000"`
	ReleaseDate *string `json:"release_date,omitempty" example:"2026-03-01"`
	Tick        *int64  `json:"tick,omitempty" doc:"Prices are multiples of it: 1 to 1,000,000; 1 for a new article." example:"1000"`
}

func (f infoFields) apply(i *shop.Info) {
	set := func(to *string, from *string) {
		if from != nil {
			*to = *from
		}
	}
	set(&i.EngName, f.EngName)
	set(&i.KorName, f.KorName)
	set(&i.DeliveryTag, f.DeliveryTag)
	set(&i.Category, f.Category)
	set(&i.ModelNumber, f.ModelNumber)
	set(&i.Colorway, f.Colorway)
	set(&i.ReleaseDate, f.ReleaseDate)
	if f.Brand != nil {
		i.BrandID = *f.Brand
	}
	if f.RetailPrice != nil {
		i.RetailPrice = f.RetailPrice
	}
	if f.Tick != nil {
		i.Tick = *f.Tick
	}
}

type infoInput struct {
	IDInput
	Body infoFields
}

func (a *API) createInfo(ctx context.Context, in *struct{ Body infoFields }) (*reply[infoBody], error) {
	i := shop.Info{DeliveryTag: shop.DeliveryImmediate, Tick: 1}
	in.Body.apply(&i)
	i, err := a.shop.CreateInfo(ctx, i)
	return answer(a.toInfo(ctx, i)), err
}

func (a *API) putInfo(ctx context.Context, in *infoInput) (*reply[infoBody], error) {
	i, err := a.shop.ChangeInfo(ctx, in.ID, func(i *shop.Info) {
		*i = shop.Info{ID: i.ID, BrandID: i.BrandID, DeliveryTag: i.DeliveryTag, Tick: i.Tick, CreatedAt: i.CreatedAt}
		in.Body.apply(i)
	})
	return answer(a.toInfo(ctx, i)), err
}

func (a *API) patchInfo(ctx context.Context, in *infoInput) (*reply[infoBody], error) {
	i, err := a.shop.ChangeInfo(ctx, in.ID, in.Body.apply)
	return answer(a.toInfo(ctx, i)), err
}

func (a *API) deleteInfo(ctx context.Context, in *IDInput) (*noBody, error) {
	return nil, a.shop.DeleteInfo(ctx, in.ID)
}

func (a *API) listImages(ctx context.Context, in *IDInput) (*reply[[]imageBody], error) {
	images, err := a.shop.Images(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := make([]imageBody, len(images))
	for i, m := range images {
		body[i] = a.toImage(ctx, m)
	}
	return answer(body), nil
}

type imageInput struct {
	IDInput
	RawBody huma.MultipartFormFiles[struct {
		ProductImage huma.FormFile `form:"product_image" required:"true" doc:"The picture."`
	}]
}

func (a *API) addImage(ctx context.Context, in *imageInput) (*reply[imageBody], error) {
	defer removeTemporary(in.RawBody.Form)
	file := in.RawBody.Data().ProductImage
	defer func() { _ = file.Close() }()
	m, err := a.shop.AddImage(ctx, in.ID, file)
	if err != nil {
		return nil, err
	}
	return answer(a.toImage(ctx, m)), nil
}

func removeTemporary(form *multipart.Form) {
	if form != nil {
		_ = form.RemoveAll()
	}
}

func (a *API) deleteImage(ctx context.Context, in *IDInput) (*noBody, error) {
	return nil, a.shop.DeleteImage(ctx, in.ID)
}
